/** The short version is what the checks of a change run: the same faults, fewer of each. */
export const isShort = process.env.HALLPASS_FAULTS === "short";

export const scale = <T>(long: T, short: T): T => (isShort ? short : long);

// A fault, its recovery and the look at what is left; generous, as what must be quick is asserted by itself.
jest.setTimeout(scale(60 * 60_000, 10 * 60_000));

/** How soon everything must work again by itself, in ms. */
export const recoveryLimitMs = 10_000;

/** The bound on a revocation for processes other than the one that answered, in ms. */
export const boundMs = 1_000;
