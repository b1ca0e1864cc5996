import type { Frame } from "src/api/types";
import { Button } from "src/components/Button";
import { Section } from "src/components/Section";
import { testIds } from "src/components/testIds";
import { countWords } from "src/components/words";
import { useSearchState } from "src/host/searchState";
import styles from "src/pages/task-instance/ErrorReport.module.css";

/** Fewer library frames than this beside each other are not worth folding. */
const FOLDED = 2;

type Part = { readonly frames: ReadonlyArray<Frame>; readonly own: boolean };

/** Frames beside each other that are both the user's own, or both of libraries, are one part. */
const partsOf = (frames: ReadonlyArray<Frame>): ReadonlyArray<Part> => {
  const parts: Array<{ frames: Array<Frame>; own: boolean }> = [];

  for (const frame of frames) {
    const last = parts.at(-1);

    if (last?.own === frame.own) {
      last.frames.push(frame);
    } else {
      parts.push({ frames: [frame], own: frame.own });
    }
  }

  return parts;
};

type FrameLineProps = { readonly frame: Frame };

const FrameLine = ({ frame: { code, file, function: name, line, own } }: FrameLineProps) => (
  <li className={`${styles.frame} ${own ? styles.own : ""}`}>
    <div className={styles.where}>
      {file}
      {line === null ? "" : `:${line}`}
      {name === null ? "" : ` in ${name}`}
      {own ? <span title="Not in a library"> · your code</span> : null}
    </div>
    {code === null ? null : <div className={styles.code}>{code}</div>}
  </li>
);

type TracebackProps = { readonly frames: ReadonlyArray<Frame> };

/** The frames of the root exception, outermost first; the user's own stand out, those of libraries are folded. */
export const Traceback = ({ frames }: TracebackProps) => {
  const { change, one } = useSearchState();
  const all = one("frames") === "all" || !frames.some(({ own }) => own);
  const canFold = partsOf(frames).some((part) => !part.own && part.frames.length >= FOLDED) && frames.some(({ own }) => own);
  const toggle = () => {
    change({ frames: all ? null : "all" });
  };

  return (
    <Section
      aside={
        canFold ? (
          <Button aria-pressed={all} kind="quiet" onClick={toggle}>
            {all ? "Fold library frames" : "All frames"}
          </Button>
        ) : (
          "outermost first"
        )
      }
      title="Traceback"
    >
      <ol className={styles.frames} data-testid={testIds.traceback}>
        {partsOf(frames).map((part, index) =>
          part.own || all || part.frames.length < FOLDED ? (
            part.frames.map((frame, at) => <FrameLine frame={frame} key={`${index} ${at}`} />)
          ) : (
            <li key={index}>
              <button className={styles.fold} onClick={toggle} type="button">
                … {countWords(part.frames.length, "library frame")}
              </button>
            </li>
          ),
        )}
      </ol>
    </Section>
  );
};
