import type { ComponentProps } from "react";

import styles from "src/components/Button.module.css";

type ButtonProps = ComponentProps<"button"> & {
  readonly kind?: "danger" | "plain" | "primary" | "quiet";
};

/** A button in the host's shape; `quiet` has no frame until it is pointed at. */
export const Button = ({ className = "", kind = "plain", type = "button", ...rest }: ButtonProps) => (
  <button className={`${styles.button} ${styles[kind]} ${className}`} type={type} {...rest} />
);
