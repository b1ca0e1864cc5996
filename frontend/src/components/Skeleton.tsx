import styles from "src/components/Skeleton.module.css";

type SkeletonProps = {
  readonly height?: number;
  readonly width: number | string;
};

/** A grey block of the size of what it stands for. */
export const Skeleton = ({ height = 12, width }: SkeletonProps) => (
  <span aria-hidden className={styles.block} style={{ height, width }} />
);

type PageSkeletonProps = { readonly kind: "line" | "page" };

/** While the code of a page is on its way. */
export const PageSkeleton = ({ kind }: PageSkeletonProps) => (
  <div aria-busy="true" aria-label="Loading" className={styles[kind]} role="status">
    <Skeleton height={16} width={kind === "line" ? "40%" : "50%"} />
    {kind === "line" ? null : [0, 1, 2, 3, 4, 5].map((row) => <Skeleton height={20} key={row} width="100%" />)}
  </div>
);
