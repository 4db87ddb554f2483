/** The short version, for continuous integration, has the same faults but fewer of each. */
export const isShort = process.env.HALLPASS_FAULTS === "short";

export const scale = <T>(long: T, short: T): T => (isShort ? short : long);

// Covers the faults, recovery and verification. Generous, as time limits are asserted separately.
jest.setTimeout(scale(60 * 60_000, 10 * 60_000));

/** Time limit for a recovery without intervention, in ms. */
export const recoveryLimitMs = 10_000;

/** The bound on a revocation at other processes, in ms. */
export const boundMs = 1_000;
