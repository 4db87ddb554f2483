import { TestEnvironment } from "jest-environment-jsdom";

/** jsdom with what browsers have and it lacks, from Node. */
export default class BrowserEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { Request, Response, Headers, TextDecoder, TextEncoder, structuredClone });
  }
}
