import { readFileSync } from "node:fs";
import {
  accountTypes,
  type IdentifierKind,
  identifierMaxLength,
  isIdentifier,
  limits,
  roles,
  text,
  unprintableExceptLines,
} from "@hallpass/shared";
import { parse } from "yaml";
import { z } from "zod";

const id = (kind: IdentifierKind) =>
  z
    .string()
    .max(identifierMaxLength, `can be up to ${identifierMaxLength} characters`)
    .refine((text) => isIdentifier(kind, text), `is not a valid ${kind} ID`);
const name = text("The name", limits.nameLength).min(1, "must not be empty");
/** In characters. */
export const passwordLength = { min: 8, max: 1024 };

const description = text("The description", 500, unprintableExceptLines).nullish();

/** A list without duplicate IDs: which of two entries would apply is undefined. */
const list = <Entry extends z.ZodType<{ id: string }>>(entry: Entry) =>
  z
    .array(entry)
    .superRefine((entries, context) => {
      const seen = new Set<string>();
      entries.forEach(({ id }, index) => {
        if (seen.has(id)) context.addIssue({ code: "custom", path: [index, "id"], message: `${id} is listed twice` });
        seen.add(id);
      });
    })
    .default([]);

const platformFile = z.strictObject({
  modules: list(z.strictObject({ id: id("module"), name, description })),
  accounts: list(
    z.strictObject({
      id: id("account"),
      name,
      type: z.enum(accountTypes),
      modules: z.array(id("module")).default([]),
    }),
  ),
  users: list(
    z.strictObject({
      id: id("user"),
      name,
      email: z.email("is not an email address").max(254).toLowerCase(),
      /** Unchanged if left out. Required for a new person unless an identity provider is configured. */
      password: z
        .string()
        .min(passwordLength.min, `must have at least ${passwordLength.min} characters`)
        .max(passwordLength.max)
        .optional(),
      roles: z.record(id("account"), z.enum(roles)).default({}),
    }),
  ),
});

/** The part of the surrounding platform's data that Hallpass uses: modules, accounts, people and their roles. */
export type Platform = z.output<typeof platformFile>;

export class PlatformFileError extends Error {
  override name = "PlatformFileError";
}

/** Reads YAML or JSON. Throws a PlatformFileError that lists every problem with its path. */
export function readPlatformFile(path: string): Platform {
  return parsePlatform(readText(path));
}

function readText(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new PlatformFileError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

export function parsePlatform(content: unknown): Platform {
  const { data, error } = platformFile.safeParse(content);
  if (data) return data;
  const problems = error.issues.map(({ path, message }) => `  ${path.join(".") || "the file"}: ${message}`);
  throw new PlatformFileError(`The platform file is invalid:\n${problems.join("\n")}`);
}
