import type { Tenant } from "./tenants.js";

/** The expected result of a check, according to acknowledgements. */
type Known = "good" | "bad" | "unknown";

/** A value issued to the load. */
export class Value {
  readonly text: string;
  readonly token: string;
  readonly tenant: Tenant;
  /** When the value expires, in ms since 1970. */
  endsAt: number;
  /** When the expiry was set, by the load's clock. Other processes learn of it within the bound. */
  endSince = 0;
  known: Known = "unknown";
  /** When `known` was set, by the load's clock. */
  since = 0;
  /** Increases with each change. A check in flight meanwhile proves nothing. */
  epoch = 0;
  /** Index of the process that acknowledged. */
  by = 0;

  constructor({ text, token, tenant, endsAt }: Pick<Value, "text" | "token" | "tenant" | "endsAt">) {
    this.text = text;
    this.token = token;
    this.tenant = tenant;
    this.endsAt = endsAt;
  }

  endAt(time: number): void {
    this.endsAt = Math.min(this.endsAt, time);
    this.endSince = performance.now();
  }

  set(known: Known, by = this.by): void {
    this.known = known;
    this.by = by;
    this.since = performance.now();
    this.epoch++;
  }
}
