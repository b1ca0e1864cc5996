import styles from "src/components/Icon.module.css";

/* Drawn, not written: the signs that fonts have for these are missing from some and coloured in others. */
const PATHS = {
  chevron: "M6 3.5 10.5 8 6 12.5",
  code: "M5.5 4 2 8l3.5 4M10.5 4 14 8l-3.5 4",
  data: "M3 3h10v10H3zM3 6.5h10M7 6.5V13",
  dependency: "M8 2.2 13 5v6l-5 2.8L3 11V5zM3 5l5 2.8L13 5M8 7.8v6",
  infrastructure: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01",
  killed: "M5.5 2.5h5l3 3v5l-3 3h-5l-3-3v-5zM6 6l4 4M10 6l-4 4",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6L12.8 8z",
  question: "M5.6 6a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .8-1 1.6M8 12.6h.01",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13 2.6v2.6h-2.6",
  timeout: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M8 5v3.2l2.2 1.4",
  trigger: "M3 3.2v9.6L9.8 8zM13 3.4v9.2",
} as const;

type IconProps = { readonly name: keyof typeof PATHS };

/** A sign without words, for a button that has a label of its own. */
export const Icon = ({ name }: IconProps) => (
  <svg aria-hidden className={`${styles.icon} ${name === "more" ? styles.dots : ""}`} viewBox="0 0 16 16">
    <path d={PATHS[name]} />
  </svg>
);
