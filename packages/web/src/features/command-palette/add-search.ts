/** The list keeps its state. Other pages’ parameters mean nothing to it. */
export const searchOn = (pathname: string) => (pathname === "/settings/api-tokens" ? (true as const) : ({} as never));
