import { QueryClient } from "@tanstack/react-query";

/**
 * At module scope: the host throws the first mount away and mounts again on every path change, and what was
 * fetched must outlive that.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    mutations: { networkMode: "always", retry: false },
    // The polling asks again by itself; "offline" as the browser sees it says nothing about this server.
    queries: { gcTime: 10 * 60_000, networkMode: "always", retry: false, staleTime: 2000 },
  },
});
