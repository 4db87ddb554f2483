/** In tests, class names equal those in the source. */
export default new Proxy({} as Record<string, string>, { get: (_, name) => String(name) });
