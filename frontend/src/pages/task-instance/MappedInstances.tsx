import type { TaskInstanceDetail } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Section } from "src/components/Section";
import { StateCounts } from "src/components/StateCounts";
import { links } from "src/host/links";
import styles from "src/pages/task-instance/TaskInstance.module.css";

type MappedInstancesProps = {
  readonly detail: TaskInstanceDetail;
  readonly mapped: NonNullable<TaskInstanceDetail["mapped"]>;
};

/** The other instances of a mapped task in this run: how they stand, and which failed. */
export const MappedInstances = ({ detail, mapped: { failed_map_indexes: failed, states } }: MappedInstancesProps) => {
  const more = (states["failed"] ?? 0) - failed.length;

  return (
    <Section title="All instances of this task in this run">
      <p className={styles.counts}>
        <StateCounts states={states} />
      </p>
      {failed.length === 0 ? null : (
        <nav aria-label="Failed instances" className={styles.indexes}>
          <span style={{ lineHeight: "24px" }}>Failed:</span>
          {failed.map((index) => (
            <AirflowLink
              aria-current={index === detail.map_index ? "page" : undefined}
              key={index}
              to={links.tab.taskInstance(detail.dag_id, detail.run.run_id, detail.task_id, index)}
            >
              {index}
            </AirflowLink>
          ))}
          {more > 0 ? <span style={{ lineHeight: "24px" }}>and {more} more</span> : null}
        </nav>
      )}
    </Section>
  );
};
