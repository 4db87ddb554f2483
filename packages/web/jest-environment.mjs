import { TestEnvironment } from "jest-environment-jsdom";

// A worker that jest tells to end, and that nothing keeps alive, ends at once. Node would dispose of all its memory first, which
// takes seconds on a slow machine, and jest takes a worker that needs more than half of one for one that hangs.
process.once("beforeExit", () => process.exit());

/** jsdom with what browsers have and it lacks, from Node. */
export default class BrowserEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { Request, Response, Headers, TextDecoder, TextEncoder, structuredClone });
  }
}
