import type { Entry, Operation } from "./ledger.js";

/** A trail record about a token. */
export interface TrailRecord {
  sequence: number;
  /** Event, e.g. `api_token.disabled`. */
  event: string;
  objectId: string;
  objectName: string;
  /** From the record's details. */
  after: Record<string, unknown>;
}

/** A token as stored, with all its parts. */
export interface StoredToken {
  id: string;
  account: string;
  name: string;
  description: string | null;
  status: string;
  version: number;
  moduleCount: number;
  modules: number;
  /** Kinds of its events, in alphabetical order. */
  events: string[];
  /** Slots of its values, in alphabetical order. */
  slots: string[];
}

/** A token as listed. */
export type ListedToken = Pick<StoredToken, "id" | "name" | "description" | "status" | "version">;

/** What is stored and shown after the faults. */
export interface Evidence {
  trails: Map<string, TrailRecord[]>;
  listed: Map<string, ListedToken[]>;
  stored: StoredToken[];
}

export interface Complaint {
  about: "acknowledged" | "unacknowledged" | "repeated";
  text: string;
}

export interface Verdict {
  complaints: Complaint[];
  acknowledged: number;
  lost: number;
  /** How many of the lost changes were done. */
  lostButDone: number;
  repeated: number;
}

const eventOf: Record<Exclude<Operation, "update">, string> = {
  create: "api_token.created",
  disable: "api_token.disabled",
  enable: "api_token.enabled",
  delete: "api_token.deleted",
  rotate: "api_token.rotated",
  endRotation: "api_token.rotation_ended",
  reveal: "api_token.revealed",
};

const repeatedReveal = "api_token.revealed REPEATED_CREATION";

/** Distinguishes a token's records: the event and, for an edit, its mark. */
function labelOfRecord({ event, after }: TrailRecord): string {
  if (event === "api_token.updated") return `${event} ${after.description}`;
  return after.purpose === "REPEATED_CREATION" ? repeatedReveal : event;
}

const labelOfEntry = ({ operation, mark }: Entry) =>
  operation === "update" ? `api_token.updated ${mark}` : eventOf[operation];

/**
 * Compares the acknowledged changes with the evidence. Every acknowledged change is in the trail once and in order,
 * every other requested change once or not at all, nothing else is, and every token matches its trail in all its parts.
 */
export function judge(entries: Entry[], { trails, listed, stored }: Evidence): Verdict {
  const verdict: Verdict = { complaints: [], acknowledged: 0, lost: 0, lostButDone: 0, repeated: 0 };
  const rows = new Map(stored.map((token) => [token.id, token]));
  for (const [account, trail] of trails) {
    const shown = new Map((listed.get(account) ?? []).map((token) => [token.id, token]));
    const own = entries.filter((entry) => entry.account === account);
    judgeAccount(verdict, account, own, { trail, rows, shown });
  }
  for (const id of rows.keys()) complainTo(verdict)("unacknowledged", `${id} is stored without a trail.`);
  return verdict;
}

/** Removes from the rows and the listed tokens whatever the account's ledger explains. */
function judgeAccount(
  verdict: Verdict,
  account: string,
  entries: Entry[],
  found: { trail: TrailRecord[]; rows: Map<string, StoredToken>; shown: Map<string, ListedToken> },
): void {
  const { trail, rows, shown } = found;
  const complain = complainTo(verdict);
  const isCreation = ({ operation }: Entry) => operation === "create";
  const histories = groupBy(trail, ({ objectId }) => objectId);
  const creations = groupBy(entries.filter(isCreation), ({ mark }) => mark);
  const changes = groupBy(
    entries.filter((entry) => !isCreation(entry)),
    ({ token }) => token ?? "",
  );
  for (const [name, attempts] of creations) {
    const id = judgeCreation(verdict, name, attempts, trail);
    if (id === null) continue;
    const history = histories.get(id) ?? [];
    judgeHistory(verdict, id, attempts, changes.get(id) ?? [], history.map(labelOfRecord));
    judgeState(verdict, expectedToken(id, account, history), rows.get(id), shown.get(id));
    for (const each of [histories, rows, shown]) each.delete(id);
  }
  verdict.acknowledged += entries.filter(isAcknowledged).length;
  verdict.lost += entries.filter(({ outcome }) => outcome.kind === "lost").length;
  // Each token has one writer, so only the reveal limit and a past expiry may cause a rejection.
  for (const { operation, mark, token, outcome, expires } of entries)
    if (outcome.kind === "refused" && outcome.code !== "RATE_LIMITED" && !(expires && outcome.code === "INVALID"))
      complain("acknowledged", `${operation} of ${token ?? mark} was refused: ${outcome.code}.`);
  for (const id of histories.keys()) complain("unacknowledged", `${id} has a trail, and nobody asked for it.`);
  for (const id of shown.keys()) complain("unacknowledged", `${id} is listed for ${account} and should not be.`);
}

const complainTo =
  ({ complaints }: Verdict) =>
  (about: Complaint["about"], text: string) =>
    void complaints.push({ about, text });

/** The token of the creation. Null if there is none. */
function judgeCreation(verdict: Verdict, name: string, attempts: Entry[], trail: TrailRecord[]): string | null {
  const complain = complainTo(verdict);
  const made = trail.filter(({ event, objectName }) => event === eventOf.create && objectName === name);
  const acknowledged = attempts.map(({ outcome }) => outcome).find(({ kind }) => kind === "acknowledged");
  if (attempts.length > 1) verdict.repeated++;
  if (made.length > 1) complain("repeated", `The creation of ${name} made ${made.length} tokens.`);
  if (acknowledged?.kind === "acknowledged" && made[0]?.objectId !== acknowledged.token)
    complain(
      "acknowledged",
      `The creation of ${name} as ${acknowledged.token} was acknowledged and is not in the trail.`,
    );
  if (made.length > 0 && attempts.every(({ outcome }) => outcome.kind === "refused"))
    complain("unacknowledged", `The creation of ${name} was refused and is in the trail.`);
  return made[0]?.objectId ?? null;
}

const isAcknowledged = ({ outcome }: Entry) => outcome.kind === "acknowledged";

function judgeHistory(verdict: Verdict, id: string, attempts: Entry[], asked: Entry[], labels: string[]): void {
  const complain = complainTo(verdict);
  const repetitions = attempts.slice(1).map(() => repeatedReveal);
  const lost = asked.filter(({ outcome }) => outcome.kind === "lost").map(labelOfEntry);
  const allowed = [...lost, ...repetitions];
  const required = [eventOf.create, ...asked.filter(isAcknowledged).map(labelOfEntry)];
  verdict.lostButDone += labels.length - [...attempts, ...asked].filter(isAcknowledged).length;

  let next = 0;
  for (const label of labels) {
    if (label === required[next]) {
      next++;
      continue;
    }
    const index = allowed.indexOf(label);
    if (index === -1) complain("acknowledged", `${id} has '${label}' in its trail once more than was asked for.`);
    else allowed.splice(index, 1);
  }
  for (const label of required.slice(next))
    complain("acknowledged", `${id}: '${label}' was acknowledged and is not in the trail.`);
}

/** The token after exactly the changes in its trail. */
function expectedToken(id: string, account: string, history: TrailRecord[]): StoredToken {
  const kinds = history.map(({ event }) => event.replace("api_token.", "").toUpperCase());
  const events = [...new Set(kinds.filter((kind) => kind !== "ROTATION_ENDED"))].sort();
  const version = kinds.filter((kind) => kind !== "REVEALED").length;
  const last = <T>(key: string, none: T) =>
    (history.findLast(({ after }) => key in after)?.after[key] as T | undefined) ?? none;
  const modules = last<string[]>("moduleIds", []).length;
  return {
    id,
    account,
    name: last("name", ""),
    description: last<string | null>("description", null),
    status: last("status", ""),
    version,
    moduleCount: modules,
    modules,
    events,
    slots: expectedSlots(history),
  };
}

function expectedSlots(history: TrailRecord[]): string[] {
  const last = history.findLast(({ event }) => /rotat|deleted/.test(event));
  if (last?.event === eventOf.delete) return [];
  return last?.event === eventOf.rotate && last.after.previousValueExpiresAt ? ["CURRENT", "PREVIOUS"] : ["CURRENT"];
}

function judgeState(
  verdict: Verdict,
  expected: StoredToken,
  row: StoredToken | undefined,
  shown: ListedToken | undefined,
): void {
  const { id, account, name, description, status, version } = expected;
  const complain = complainTo(verdict);
  const differs = (what: string, is: unknown, should: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(should))
      complain(
        "unacknowledged",
        `${id} (${account}) is ${what} as ${JSON.stringify(is)}; its trail says ${JSON.stringify(should)}.`,
      );
  };
  differs("stored", row, expected);
  differs("listed", shown, status === "DELETED" ? undefined : { id, name, description, status, version });
}

function groupBy<T>(all: T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(keyOf(each));
    if (group) group.push(each);
    else groups.set(keyOf(each), [each]);
  }
  return groups;
}
