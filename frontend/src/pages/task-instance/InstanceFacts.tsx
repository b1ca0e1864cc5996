import type { TaskInstanceDetail } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Facts } from "src/components/Facts";
import { Section } from "src/components/Section";
import { links } from "src/host/links";

type InstanceFactsProps = { readonly detail: TaskInstanceDetail };

/** How and where it runs, and the way to its task over all runs. */
export const InstanceFacts = ({ detail }: InstanceFactsProps) => (
  <Section title="About">
    <Facts
      facts={[
        {
          label: "Task",
          value: <AirflowLink to={links.tab.task(detail.dag_id, detail.task_id)}>{detail.task_id} over its runs</AirflowLink>,
        },
        { label: "Operator", value: detail.operator },
        { label: "Pool", value: detail.pool },
        { label: "Queue", value: detail.queue },
        { label: "Executor", value: detail.executor },
      ]}
    />
  </Section>
);
