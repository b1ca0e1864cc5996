import { Duration, RunningFor } from "src/components/Times";

type TookProps = {
  readonly durationS: number | null;
  readonly startDate: string | null;
  readonly state: string | null;
};

/** How long something took, or takes already. */
export const Took = ({ durationS, startDate, state }: TookProps) =>
  durationS === null && state === "running" && startDate !== null ? (
    <RunningFor since={startDate} />
  ) : (
    <Duration s={durationS} />
  );
