import { setTimeout as sleep } from "node:timers/promises";
import { createVerifier, Undecided, type Verifier, type VerifyOptions } from "@hallpass/verifier";
import { modules } from "./platform.js";
import type { CreatedToken, TestServer } from "./test-server.js";
import { Wire } from "./wire.js";

export const bearer = (value: string) => `Bearer ${value}`;

/** A status for what the verifier says: 503 if it cannot decide. */
export async function statusBy(verifier: Verifier, value: string, options: VerifyOptions = {}): Promise<number> {
  try {
    const verdict = await verifier.verify(bearer(value), options);
    return verdict.allowed ? 200 : verdict.status;
  } catch (error) {
    if (error instanceof Undecided) return 503;
    throw error;
  }
}

/** A verifier on a wire to the server, for all tests of a `describe`. */
export function useVerifier(server: () => TestServer) {
  let wire: Wire | undefined;
  let caller: CreatedToken | undefined;
  let verifier: Verifier | undefined;
  const open: Verifier[] = [];
  const errors: unknown[] = [];
  const start = (options: Partial<Parameters<typeof createVerifier>[0]> = {}): Verifier => {
    const onError = (error: unknown) => void errors.push(error);
    const fresh = createVerifier({ url: started(wire).url, token: started(caller).value, onError, ...options });
    open.push(fresh);
    return fresh;
  };
  function started<Thing>(thing: Thing | undefined): Thing {
    if (!thing) throw new Error("Only for use within tests.");
    return thing;
  }
  const use = {
    /** Told by every verifier since the test began. */
    errors,
    /** Another verifier. */
    start,
    get wire() {
      return started(wire);
    },
    /** The token the verifier asks with. */
    get caller() {
      return started(caller);
    },
    get verifier() {
      return started(verifier);
    },
    verify: ({ value }: { value: string }, options: VerifyOptions = {}) =>
      started(verifier).verify(bearer(value), options),
    statusOf: ({ value }: { value: string }, options: VerifyOptions = {}, by = started(verifier)) =>
      statusBy(by, value, options),
    /** A new token that only the change feed keeps in memory. */
    async warm(by = started(verifier)): Promise<CreatedToken> {
      const token = await server().createToken();
      // The next look has it read once more, as its creation is new to the feed.
      for (let read = 0; read < 2; read++) {
        expect(await statusBy(by, token.value)).toBe(200);
        await sleep(500);
      }
      return token;
    },
  };

  beforeAll(async () => {
    wire = await Wire.to(() => server().url);
    caller = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    verifier = start();
  });
  afterEach(() => {
    Object.assign(started(wire), { state: "open", delayMs: 0 });
    started(wire).paths.length = 0;
    errors.length = 0;
  });
  afterAll(async () => {
    await Promise.all(open.map((each) => each.close()));
    started(wire).close();
  });
  return use;
}
