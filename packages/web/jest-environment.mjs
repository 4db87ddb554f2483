import { TestEnvironment } from "jest-environment-jsdom";

// Exit as soon as jest ends an idle worker. Node would first free all its memory, which takes seconds on a slow
// machine, and jest treats a worker that needs more than half a second as hung.
process.once("beforeExit", () => process.exit());

/** jsdom with the browser APIs it lacks, taken from Node. */
export default class BrowserEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { Request, Response, Headers, TextDecoder, TextEncoder, structuredClone });
  }
}
