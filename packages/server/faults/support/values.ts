import type { Tenant } from "./tenants.js";

/** What a check of a value must say now, as far as acknowledgements tell. */
type Known = "good" | "bad" | "unknown";

/** A value that the load has been given. */
export class Value {
  readonly text: string;
  readonly token: string;
  readonly tenant: Tenant;
  /** From then on it is bad without anybody having done anything, in ms since 1970. */
  endsAt: number;
  /** Since when that is known, as the load's clock says: other processes learn of it within the bound. */
  endSince = 0;
  known: Known = "unknown";
  /** Since when that is known, as the load's clock says. */
  since = 0;
  /** Grows at each change: a check that was under way meanwhile proves nothing. */
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
