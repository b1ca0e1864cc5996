import { type RefObject, useEffect, useState } from "react";

import styles from "src/components/SearchField.module.css";

const SETTLE_MS = 200;

type SearchFieldProps = {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly value: string;
};

/** A search field that tells what was typed once the person pauses; follows the address when it changes otherwise. */
export const SearchField = ({ inputRef, label, onChange, value }: SearchFieldProps) => {
  const [text, setText] = useState(value);
  const [told, setTold] = useState(value);

  if (value !== told) {
    setTold(value);
    setText(value);
  }

  useEffect(() => {
    if (text === told) {
      return undefined;
    }
    const timer = setTimeout(() => {
      setTold(text);
      onChange(text);
    }, SETTLE_MS);

    return () => {
      clearTimeout(timer);
    };
  }, [text, told, onChange]);

  return (
    <span className={styles.field}>
      <input
        aria-label={label}
        autoComplete="off"
        className={styles.input}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            if (text === "") {
              event.currentTarget.blur();
            } else {
              setText("");
            }
          }
        }}
        placeholder={label}
        ref={inputRef}
        spellCheck={false}
        type="search"
        value={text}
      />
      <kbd aria-hidden className={styles.key}>
        /
      </kbd>
    </span>
  );
};
