import { AirflowLink } from "src/components/AirflowLink";
import { links } from "src/host/links";

type DagActionsProps = {
  readonly dagId: string;
  readonly paused: boolean;
};

/** What can be done with a Dag, where its trouble is read. */
export const DagActions = ({ dagId }: DagActionsProps) => <AirflowLink to={links.dag(dagId)}>Open</AirflowLink>;
