import { useQuery } from "@tanstack/react-query";

import { runQuery } from "src/api/dag";
import { Loaded } from "src/components/States";
import { PageSkeleton } from "src/components/Skeleton";
import { StateMark } from "src/components/StateMark";

type RunProps = { readonly dagId: string; readonly runId: string };

export default function Run({ dagId, runId }: RunProps) {
  const query = useQuery(runQuery(dagId, runId));

  return (
    <Loaded of="this run" query={query} skeleton={<PageSkeleton kind="page" />}>
      {(body) => <h2><StateMark state={body.run.state} /></h2>}
    </Loaded>
  );
}
