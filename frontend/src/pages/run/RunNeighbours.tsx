import type { RunDetail, RunRef } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Clock } from "src/components/Times";
import { links } from "src/host/links";
import styles from "src/pages/run/RunNeighbours.module.css";

type NeighbourProps = { readonly dagId: string; readonly run: RunRef | null; readonly word: string };

const Neighbour = ({ dagId, run, word }: NeighbourProps) =>
  run === null ? (
    <span className={styles.none}>{word}</span>
  ) : (
    <AirflowLink title={`${run.run_id}: ${run.state}`} to={links.tab.run(dagId, run.run_id)}>
      {word}
    </AirflowLink>
  );

type RunNeighboursProps = { readonly detail: RunDetail };

/** To the runs before and after this one, and to the last one that went well. */
export const RunNeighbours = ({ detail: { dag_id: dagId, last_good_run: good, newer_run: newer, older_run: older } }: RunNeighboursProps) => (
  <nav aria-label="Other runs" className={styles.neighbours}>
    {good === null ? null : (
      <AirflowLink title={good.run_id} to={links.tab.run(dagId, good.run_id)}>
        last good <Clock at={good.end_date ?? good.run_after} />
      </AirflowLink>
    )}
    <Neighbour dagId={dagId} run={older} word="‹ older" />
    <Neighbour dagId={dagId} run={newer} word="newer ›" />
  </nav>
);
