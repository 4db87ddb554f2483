import { isolated } from "../../lib/isolated";
import { formatDay, formatTime } from "../../lib/time-zone";

type Values = Record<string, unknown>;

const names: Record<string, string> = {
  moduleIds: "Modules",
  expiresAt: "Expires",
  ipRanges: "Allowed IP addresses",
  icon: "Logo",
  keyId: "Key",
  previousValueExpiresAt: "Previous value works until",
  reencrypted: "Values encrypted",
};

/** Too long or not text, so only reported as changed. The record’s dialog has the full values. */
const notShown = ["description", "icon"];

/** Already in a new object’s summary. */
const saidBefore = ["name", "status", ...notShown];

/**
 * Describes the changes in a record’s JSON, e.g. `Status: Active → Disabled` or `Modules: MOD-1310 added; description
 * changed`. Empty if there are none.
 */
export function describeChanges(details: string): string {
  const { before = {}, after = {} } = parse(details);
  const isNew = Object.keys(before).length === 0;
  const keys = Object.keys({ ...before, ...after }).filter((key) => !isNew || !saidBefore.includes(key));
  const shown = keys.filter((key) => !notShown.includes(key));
  const changed = keys.filter((key) => notShown.includes(key)).map((key) => nameOf(key).toLowerCase());
  const parts = shown.map((key) => `${nameOf(key)}: ${isNew ? inWords(after[key]) : change(before[key], after[key])}`);
  if (changed.length > 0) parts.push(`${changed.join(", ")} changed`);
  return capitalised(parts.join("; "));
}

function change(before: unknown, after: unknown): string {
  if (!Array.isArray(before) || !Array.isArray(after)) return `${inWords(before)} → ${inWords(after)}`;
  const added = after.filter((each) => !before.includes(each));
  const removed = before.filter((each) => !after.includes(each));
  return [added.length > 0 && `${added.join(", ")} added`, removed.length > 0 && `${removed.join(", ")} removed`]
    .filter(Boolean)
    .join(", ");
}

/** `ACTIVE` → Active, null → none, times in the user’s time zone */
function inWords(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return value.map(String).map(isolated).join(", ");
  if (isRateLimit(value))
    return `${value.requests.toLocaleString("en")} per ${value.perSeconds.toLocaleString("en")} s`;
  const text = String(value);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return inDayAndTime(new Date(text));
  return /^[A-Z_]+$/.test(text) ? capitalised(text.replaceAll("_", " ").toLowerCase()) : isolated(text);
}

const inDayAndTime = (date: Date) => `${formatDay(date)}, ${formatTime(date)}`;

const isRateLimit = (value: unknown): value is { requests: number; perSeconds: number } =>
  typeof value === "object" && value !== null && "requests" in value && "perSeconds" in value;

/** `previousValue` → Previous value */
function nameOf(key: string): string {
  return names[key] ?? capitalised(key.replace(/([A-Z])/g, " $1").toLowerCase());
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function parse(json: string): { before?: Values; after?: Values } {
  try {
    return JSON.parse(json) ?? {};
  } catch {
    return {};
  }
}
