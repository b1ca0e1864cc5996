import { useQuery } from "@tanstack/react-query";

import { dagQuery } from "src/api/dag";
import { Loaded } from "src/components/States";
import { PageSkeleton } from "src/components/Skeleton";

type DagProps = { readonly dagId: string };

export default function Dag({ dagId }: DagProps) {
  const query = useQuery(dagQuery(dagId));

  return (
    <Loaded of="this Dag" query={query} skeleton={<PageSkeleton kind="page" />}>
      {(body) => <h2>{body.dag.display_name}</h2>}
    </Loaded>
  );
}
