import { Choice } from "src/components/Choice";
import { useSearchState } from "src/host/searchState";

type RunsChoiceProps = {
  readonly byDefault: number;
  readonly options: ReadonlyArray<number>;
  readonly runs: number;
};

/** How many runs to show; kept in the address as `runs`. */
export const RunsChoice = ({ byDefault, options, runs }: RunsChoiceProps) => {
  const { change } = useSearchState();

  return (
    <Choice
      label="How many runs"
      onChoose={(value) => {
        change({ runs: value === String(byDefault) ? null : value });
      }}
      options={options.map((value) => ({ label: String(value), value: String(value) }))}
      value={String(runs)}
    />
  );
};
