import type { ComponentProps } from "react";
import { Link } from "react-router-dom";

type AirflowLinkProps = Omit<ComponentProps<typeof Link>, "relative" | "to"> & {
  /** An address made by `links` of `src/host/links`: absolute, every id encoded. */
  readonly to: string;
};

/** A link to a page of Airflow, followed by the host's own router without a reload; a middle click opens a new tab. */
export const AirflowLink = (props: AirflowLinkProps) => <Link {...props} />;
