import { useQuery } from "@tanstack/react-query";

import { taskInstanceQuery } from "src/api/dag";
import { Loaded } from "src/components/States";
import { PageSkeleton } from "src/components/Skeleton";
import { StateMark } from "src/components/StateMark";

type TaskInstanceProps = { readonly dagId: string; readonly mapIndex: number; readonly runId: string; readonly taskId: string };

export default function TaskInstance({ dagId, runId, taskId, mapIndex }: TaskInstanceProps) {
  const query = useQuery(taskInstanceQuery(dagId, runId, taskId, mapIndex));

  return (
    <Loaded of="this task instance" query={query} skeleton={<PageSkeleton kind="page" />}>
      {(body) => <h2><StateMark state={body.state} /></h2>}
    </Loaded>
  );
}
