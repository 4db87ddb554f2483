import { createApiTokenInput, type UserError, userErrorsOf } from "@hallpass/shared";
import { latestExpiry, type Policy, requiresExpiry } from "../../policy/policy";
import { defaultExpiry, type Expiry, expiryOf } from "./expiry";
import { noRateLimit, type RateLimitDraft, rateLimitOf } from "./rate-limit";

/** The input of the Add and Edit dialogs. */
export interface TokenDraft {
  name: string;
  description: string;
  /** A data URL. Null for no logo, undefined if unchanged. */
  icon: string | null | undefined;
  expiry: Expiry;
  /** One per line. */
  ipRanges: string;
  rateLimit: RateLimitDraft;
  moduleIds: readonly string[];
}

export const emptyDraft: TokenDraft = {
  name: "",
  description: "",
  icon: null,
  expiry: defaultExpiry,
  ipRanges: "",
  rateLimit: noRateLimit,
  moduleIds: [],
};

export type DraftField = "name" | "description" | "icon" | "expiresAt" | "ipRanges" | "rateLimit" | "moduleIds";
export type FormStep = "general" | "modules";

/** The error at each field. */
export type DraftErrors = Partial<Record<DraftField, string>>;

export const fieldsOf: Record<FormStep, readonly DraftField[]> = {
  general: ["icon", "name", "description", "expiresAt", "ipRanges", "rateLimit"],
  modules: ["moduleIds"],
};

/** Converts the draft to an API input. */
export function inputOf(draft: TokenDraft, now = new Date()) {
  return {
    name: draft.name,
    description: draft.description || null,
    icon: draft.icon,
    expiresAt: expiryOf(draft.expiry, now),
    ipRanges: draft.ipRanges.split(/[\s,;]+/).filter(Boolean),
    rateLimit: rateLimitOf(draft.rateLimit),
    moduleIds: [...draft.moduleIds],
  };
}

/** Validates with the server’s rules. An expired token keeps its date until another is chosen. */
export function draftErrors(draft: TokenDraft, step?: FormStep, before?: TokenDraft): DraftErrors {
  const now = new Date();
  const input = inputOf(draft, now);
  const { error } = createApiTokenInput.safeParse(input);
  const errors = error ? errorsByField(userErrorsOf(error)).errors : {};
  const chosen = JSON.stringify(draft.expiry) !== JSON.stringify(before?.expiry);
  if (chosen && input.expiresAt && input.expiresAt <= now) errors.expiresAt ??= "Choose today or a later date.";
  return step ? pick(errors, fieldsOf[step]) : errors;
}

/** What the account’s policy does not allow. Of an existing token, only what the draft changes counts. */
export function policyErrors(draft: TokenDraft, policy: Policy | undefined, before: TokenDraft | null): DraftErrors {
  if (!policy) return {};
  const now = new Date();
  const { expiresAt, ipRanges } = inputOf(draft, now);
  const errors: DraftErrors = {};
  const latest = latestExpiry(policy, now);
  if (JSON.stringify(draft.expiry) !== JSON.stringify(before?.expiry)) {
    if (!expiresAt && requiresExpiry(policy)) errors.expiresAt = "Your account’s policy requires an expiry.";
    if (expiresAt && latest && expiresAt > latest)
      errors.expiresAt = `Your account’s policy allows a lifetime of up to ${policy.maxLifetimeDays} days.`;
  }
  if (policy.ipRangesRequired && ipRanges.length === 0 && draft.ipRanges !== before?.ipRanges)
    errors.ipRanges = "Your account’s policy requires at least one IP address.";
  return errors;
}

/** Separates errors at form fields from all others. */
export function errorsByField(
  faults: readonly { field?: UserError["field"] | readonly string[] | null; message: string }[],
) {
  const errors: DraftErrors = {};
  const others: string[] = [];
  for (const { field, message } of faults) {
    const name = allFields.find((each) => each === field?.[0]);
    if (name) errors[name] ??= message;
    else others.push(message);
  }
  return { errors, others };
}

/** The first step with an error. */
export function stepOf(errors: DraftErrors): FormStep | null {
  if (fieldsOf.general.some((field) => errors[field])) return "general";
  return errors.moduleIds ? "modules" : null;
}

const allFields = Object.values(fieldsOf).flat();

export function pick(errors: DraftErrors, fields: readonly DraftField[]): DraftErrors {
  return Object.fromEntries(fields.flatMap((field) => (errors[field] ? [[field, errors[field]]] : [])));
}
