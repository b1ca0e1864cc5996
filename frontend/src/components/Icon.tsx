import styles from "src/components/Icon.module.css";

/* Drawn, not written: the signs that fonts have for these are missing from some and coloured in others. */
const PATHS = {
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6L12.8 8z",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2.6v2.6h-2.6",
  trigger: "M3 3.2v9.6L9.8 8zM13 3.4v9.2",
} as const;

type IconProps = { readonly name: keyof typeof PATHS };

/** A sign without words, for a button that has a label of its own. */
export const Icon = ({ name }: IconProps) => (
  <svg aria-hidden className={`${styles.icon} ${name === "more" ? styles.dots : ""}`} viewBox="0 0 16 16">
    <path d={PATHS[name]} />
  </svg>
);
