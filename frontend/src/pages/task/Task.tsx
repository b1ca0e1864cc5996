import { useQuery } from "@tanstack/react-query";

import { taskQuery } from "src/api/dag";
import { Loaded } from "src/components/States";
import { PageSkeleton } from "src/components/Skeleton";

type TaskProps = { readonly dagId: string; readonly taskId: string };

export default function Task({ dagId, taskId }: TaskProps) {
  const query = useQuery(taskQuery(dagId, taskId));

  return (
    <Loaded of="this task" query={query} skeleton={<PageSkeleton kind="page" />}>
      {(body) => <h2>{body.task_id}</h2>}
    </Loaded>
  );
}
