import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router-dom";

/** What a change of the view state may set: null or an empty list removes the parameter. */
export type SearchChange = Readonly<Record<string, ReadonlyArray<string> | string | null>>;

export type SearchState = {
  readonly all: (key: string) => ReadonlyArray<string>;
  /** `push` makes a step that "back" undoes; without it the address is replaced, as for each letter typed. */
  readonly change: (change: SearchChange, options?: { readonly push?: boolean }) => void;
  readonly one: (key: string) => string | undefined;
  /** The query that a change would give, with its `?`, for links. */
  readonly changed: (change: SearchChange) => string;
};

const apply = (before: URLSearchParams, change: SearchChange): URLSearchParams => {
  const after = new URLSearchParams(before);

  for (const [key, value] of Object.entries(change)) {
    after.delete(key);
    for (const one of typeof value === "string" ? [value] : (value ?? [])) {
      if (one !== "") {
        after.append(key, one);
      }
    }
  }

  return after;
};

/**
 * The view state in the address, so that what a person sees can be sent to a colleague. In search parameters
 * and never in the path: a path change makes the host mount the page anew.
 */
export const useSearchState = (): SearchState => {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (next: SearchChange, options?: { readonly push?: boolean }) => {
      setParams((before) => apply(before, next), { preventScrollReset: true, replace: options?.push !== true });
    },
    [setParams],
  );

  return useMemo(
    () => ({
      all: (key) => params.getAll(key),
      change,
      changed: (next) => {
        const text = apply(params, next).toString();

        return text === "" ? "" : `?${text}`;
      },
      one: (key) => params.get(key) ?? undefined,
    }),
    [params, change],
  );
};
