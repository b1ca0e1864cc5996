import { client } from "src/api/client";
import { NotJsonError } from "src/api/errors";
import { keys } from "src/api/keys";
import { queryClient } from "src/api/queryClient";
import type { ActionResult } from "src/api/types";

/** What a new run is given. */
export type TriggerOptions = {
  readonly conf: Record<string, unknown>;
  /** ISO 8601 with a zone; null for a run without one. */
  readonly logicalDate: string | null;
  readonly note: string | null;
};

const resultOf = async (answer: Promise<{ data?: ActionResult; response: Response }>): Promise<ActionResult> => {
  const { data, response } = await answer;

  if (data === undefined) {
    throw new NotJsonError(response.status);
  }

  return data;
};

/** Triggers a run. Every call is one more run: never repeat it by itself. */
export const triggerDag = (dagId: string, { conf, logicalDate, note }: TriggerOptions): Promise<ActionResult> =>
  resultOf(
    client.POST("/api/v1/dags/{dag_id}/trigger", {
      body: { conf, logical_date: logicalDate, note },
      params: { path: { dag_id: dagId } },
    }),
  );

export const pauseDag = (dagId: string): Promise<ActionResult> =>
  resultOf(client.POST("/api/v1/dags/{dag_id}/pause", { body: {}, params: { path: { dag_id: dagId } } }));

export const unpauseDag = (dagId: string): Promise<ActionResult> =>
  resultOf(client.POST("/api/v1/dags/{dag_id}/unpause", { body: {}, params: { path: { dag_id: dagId } } }));

/** Deletes a Dag and what Airflow keeps of it; the server compares what was typed once more. */
export const deleteDag = (dagId: string, typedDagId: string): Promise<ActionResult> =>
  resultOf(
    client.POST("/api/v1/dags/{dag_id}/delete", {
      body: { typed_dag_id: typedDagId },
      params: { path: { dag_id: dagId } },
    }),
  );

/** After an action: everything about the Dag, and everything that counts Dags, is asked again. */
export const askAgainAbout = async (dagId: string): Promise<void> => {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: keys.dag(dagId) }),
    queryClient.invalidateQueries({ queryKey: keys.fleet() }),
  ]);
};
