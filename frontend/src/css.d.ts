import "react";

declare module "react" {
  // Our own properties in `style`, without an assertion at each use.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- merging needs an interface
  interface CSSProperties {
    [property: `--${string}`]: number | string | undefined;
  }
}
