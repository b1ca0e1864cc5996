import { lazy, Suspense } from "react";

const KeysDialog = lazy(() => import("src/pages/nav/KeysDialog"));

type HelpProps = { readonly onClose: () => void; readonly open: boolean };

/** The keys of the page; its code comes when it is first asked for. */
export const Help = ({ onClose, open }: HelpProps) =>
  open ? (
    <Suspense fallback={null}>
      <KeysDialog onClose={onClose} />
    </Suspense>
  ) : null;
