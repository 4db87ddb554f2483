const prefix = /^\/(ACC(?:-\d{4}){2,5})(?=\/|$)/;

/** The account a URL’s path begins with, e.g. ACC-0001-0002 for /ACC-0001-0002/settings/api-tokens. Null if there is none. */
export const accountIn = (path: string): string | null => prefix.exec(path)?.[1] ?? null;

/** The path without its account, as routes are written. */
export const withoutAccount = (path: string): string => path.replace(prefix, "") || "/";

/** The path of one of our pages in the account. */
export const inAccount = (accountId: string, path: string): string => `/${accountId}${path}`;
