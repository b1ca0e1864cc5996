/**
 * Where our app is mounted, without a slash at the end. The page's `<base href>` is the deployment's
 * prefix, so this holds for `[api] base_url` under a path too.
 */
export const windsockUrl = (): string => new URL("windsock", document.baseURI).href;
