import type { DagDetail } from "src/api/types";
import { AirflowLink } from "src/components/AirflowLink";
import { Facts } from "src/components/Facts";
import { Section } from "src/components/Section";
import { Duration, TimeAgo } from "src/components/Times";
import { links } from "src/host/links";

/** An address of the nav page's table of Dags with one filter. */
const filtered = (key: "owner" | "tag", value: string): string =>
  links.nav(`?view=dags&${key}=${encodeURIComponent(value)}`);

type NamesProps = { readonly filter: "owner" | "tag"; readonly names: ReadonlyArray<string> };

const Names = ({ filter, names }: NamesProps) =>
  names.map((name, index) => (
    <span key={name}>
      {index === 0 ? "" : ", "}
      <AirflowLink to={filtered(filter, name)}>{name}</AirflowLink>
    </span>
  ));

type DagFactsProps = { readonly detail: DagDetail };

/** When it runs, whose it is, where it stands. */
export const DagFacts = ({ detail: { dag, description, file } }: DagFactsProps) => (
  <Section aside={description === null ? undefined : <span title={description}>{description}</span>} title="About">
    <Facts
      facts={[
        {
          label: "Schedule",
          value: dag.schedule === null ? null : <span title={dag.schedule_description ?? undefined}>{dag.schedule}</span>,
        },
        {
          label: "Next run",
          value: dag.paused ? "none while paused" : dag.next_run_at === null ? null : <TimeAgo at={dag.next_run_at} />,
        },
        {
          label: "Succeeded",
          value: dag.counting_runs === 0 ? null : `${dag.successes} of the last ${dag.counting_runs}`,
        },
        { label: "Last run took", value: <Duration s={dag.last_duration_s} /> },
        {
          label: "Typical",
          value:
            dag.typical_duration_s === null ? (
              <span title="Known after 7 successful runs">not known yet</span>
            ) : (
              <Duration s={dag.typical_duration_s} />
            ),
        },
        { label: "Owners", value: dag.owners.length === 0 ? null : <Names filter="owner" names={dag.owners} /> },
        { label: "Tags", value: dag.tags.length === 0 ? null : <Names filter="tag" names={dag.tags} /> },
        { label: "File", value: file === null ? null : <code>{file}</code> },
      ]}
    />
  </Section>
);
