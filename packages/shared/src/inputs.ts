import { z } from "zod";
import { webhookEvents } from "./audit-events.js";
import type { UserErrorCode } from "./error-codes.js";
import { isIdentifier } from "./identifiers.js";
import { limits } from "./limits.js";

// By default, zod tests whether it may compile code, which the web app's content security policy forbids and reports.
z.config({ jitless: true });

/** Control characters, line separators, lone surrogates and bidi controls, none of which belongs in a name. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;
export const unprintableExceptLines = /[^\P{Cc}\n\r\t]|[\p{Cs}\u202A-\u202E\u2066-\u2069]/u;

/** Text for people, in its stored form. */
export function text(label: string, maxLength: number, forbidden = unprintable) {
  return z
    .string()
    .trim()
    .normalize("NFC")
    .max(maxLength, `${label} can be up to ${maxLength.toLocaleString("en")} characters.`)
    .refine((value) => !forbidden.test(value), `${label} contains characters that cannot be displayed.`);
}

const name = text("The name", limits.nameLength).min(1, "Enter a name.");

const description = text("The description", limits.descriptionLength, unprintableExceptLines)
  .transform((value) => value || null)
  .nullable();

const moduleIds = z
  .array(z.string().refine((id) => isIdentifier("module", id), "Enter a valid module ID."))
  .min(1, "Select at least one module.")
  .max(limits.modulesPerToken, `Select up to ${limits.modulesPerToken} modules.`)
  .transform((ids) => [...new Set(ids)]);

const dataUrlLength = Math.ceil(limits.logoBytes / 3) * 4 + 64;

const icon = z
  .string()
  .max(dataUrlLength, "The logo can be up to 512 KB.")
  .regex(/^data:image\/(png|jpeg|webp);base64,/, "The logo must be a PNG, JPEG or WebP image.")
  .nullable();

const expiresAt = z.date("Enter a valid date.").nullable();

/** The server checks that each is an IP address or a CIDR. */
const ipRanges = z
  .array(z.string().trim().max(49, "Enter a valid IP address or CIDR."))
  .max(limits.ipRangesPerToken, `Enter up to ${limits.ipRangesPerToken} IP ranges.`)
  .nullable()
  .transform((ranges) => ranges ?? []);

const wholeNumber = (max: number, message: string) =>
  z.number(message).refine((n) => Number.isInteger(n) && n >= 1 && n <= max, message);

const rateLimit = z
  .object({
    requests: wholeNumber(limits.rateLimitRequests, "Enter 1 to 1,000,000 requests."),
    perSeconds: wholeNumber(limits.rateLimitSeconds, "Enter 1 to 86,400 seconds."),
  })
  .nullable();

const tokenIds = z
  .array(z.string())
  .min(1, "Select at least one token.")
  .max(limits.tokensPerChange, `Select up to ${limits.tokensPerChange.toLocaleString("en")} tokens.`)
  .transform((ids) => [...new Set(ids)]);

export const createApiTokenInput = z.object({
  name,
  description: description.optional(),
  moduleIds,
  icon: icon.optional(),
  expiresAt: expiresAt.optional(),
  ipRanges: ipRanges.optional(),
  rateLimit: rateLimit.optional(),
  idempotencyKey: text("The idempotency key", limits.idempotencyKeyLength)
    .min(1, "The idempotency key is empty.")
    .nullish(),
});

/** Fields left out stay unchanged. Null clears a field. */
export const updateApiTokenInput = z.object({
  id: z.string(),
  version: z.int().nullish(),
  name: z.preprocess((value) => value ?? "", name).optional(),
  description: description.optional(),
  moduleIds: z.preprocess((value) => value ?? [], moduleIds).optional(),
  icon: icon.optional(),
  expiresAt: expiresAt.optional(),
  ipRanges: ipRanges.optional(),
  rateLimit: rateLimit.optional(),
});

export const bulkApiTokensInput = z.object({ ids: tokenIds });

/** Fields left out stay unchanged. Null clears a field. */
export const bulkUpdateApiTokensInput = z.object({
  ids: tokenIds,
  expiresAt: expiresAt.optional(),
  ipRanges: ipRanges.optional(),
  rateLimit: rateLimit.optional(),
});

const viewName = text("The name", limits.viewNameLength).min(1, "Enter a name.");
const viewQuery = text("The query", limits.viewQueryLength).refine(
  (query) => !query.startsWith("?"),
  "Leave out the question mark.",
);

export const createSavedViewInput = z.object({
  name: viewName,
  query: viewQuery,
  shared: z.boolean().nullish(),
});

/** Fields left out or null stay unchanged. */
export const updateSavedViewInput = z.object({
  id: z.string(),
  name: viewName.nullish(),
  query: viewQuery.nullish(),
  shared: z.boolean().nullish(),
  isDefault: z.boolean().nullish(),
});

export const signInInput = z.object({
  email: text("The email address", 254).min(1, "Enter your email address."),
  password: z.string().min(1, "Enter your password.").max(1024, "The password can be up to 1,024 characters."),
});

/** Fields left out or null stay unchanged, except that null removes a number. */
export const accountPolicyInput = z.object({
  maxLifetimeDays: wholeNumber(limits.maxLifetimeDays, "Enter 1 to 3,650 days.").nullish(),
  idleDays: wholeNumber(limits.maxLifetimeDays, "Enter 1 to 3,650 days.").nullish(),
  expiryRequired: z.boolean().nullish(),
  ipRangesRequired: z.boolean().nullish(),
  valuesShownOnce: z.boolean().nullish(),
  recentSignInRequired: z.boolean().nullish(),
});

const webhookUrl = z
  .string()
  .trim()
  .max(limits.webhookUrlLength, "The URL can be up to 2,000 characters.")
  .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), "Enter an https URL.")
  .transform((url) => (URL.canParse(url) ? new URL(url).href : url));

const webhookEventList = z
  .array(z.enum(webhookEvents, "Choose events that webhooks can get."))
  .min(1, "Select at least one event.")
  .transform((events) => webhookEvents.filter((event) => events.includes(event)));

export const createWebhookInput = z.object({ url: webhookUrl, events: webhookEventList });

/** Fields left out or null stay unchanged. */
export const updateWebhookInput = z.object({
  id: z.string(),
  url: webhookUrl.nullish(),
  events: webhookEventList.nullish(),
  enabled: z.boolean().nullish(),
});

export const changePasswordInput = z
  .object({
    currentPassword: z.string().min(1, "Enter your current password.").max(1024, "The password is too long."),
    newPassword: z
      .string()
      .min(limits.passwordLength, `Use at least ${limits.passwordLength} characters.`)
      .max(1024, "The password can be up to 1,024 characters."),
  })
  .refine(({ currentPassword, newPassword }) => currentPassword !== newPassword, {
    path: ["newPassword"],
    message: "Choose a password other than your current one.",
  });

export interface UserError {
  code: UserErrorCode;
  /** Path in the input, e.g. `["moduleIds", "0"]`. */
  field: string[];
  message: string;
}

/** Converts zod's issues to errors with a code for programs and a message for people. */
export function userErrorsOf(error: z.ZodError): UserError[] {
  return error.issues.map((issue) => ({
    code: codeOf(issue),
    field: issue.path.map(String),
    message: issue.message,
  }));
}

function codeOf(issue: z.core.$ZodIssue): UserErrorCode {
  if (issue.code === "too_big") return "TOO_LONG";
  if (issue.code === "too_small") return "REQUIRED";
  return "INVALID";
}
