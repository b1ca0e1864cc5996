import { useCallback, useRef, useState } from "react";

import type { ActionResult } from "src/api/types";

type Submit = {
  readonly error: unknown;
  readonly isUnderWay: boolean;
  readonly result: ActionResult | undefined;
  readonly submit: (act: () => Promise<ActionResult>) => void;
};

/** One submission of a dialog at a time, and none after it was done. */
export const useSubmit = (onDone: (result: ActionResult) => void): Submit => {
  const [error, setError] = useState<unknown>();
  const [isUnderWay, setUnderWay] = useState(false);
  const [result, setResult] = useState<ActionResult>();
  // State is a render behind: the second of two quick presses must see the first.
  const spent = useRef(false);

  const submit = useCallback(
    (act: () => Promise<ActionResult>) => {
      if (spent.current) {
        return;
      }
      spent.current = true;
      setError(undefined);
      setUnderWay(true);
      act().then(
        (done) => {
          setUnderWay(false);
          setResult(done);
          onDone(done);
        },
        (refusal: unknown) => {
          spent.current = false;
          setUnderWay(false);
          setError(refusal);
        },
      );
    },
    [onDone],
  );

  return { error, isUnderWay, result, submit };
};
