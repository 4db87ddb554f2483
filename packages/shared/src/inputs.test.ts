import { createApiTokenInput, limits, signInInput, updateApiTokenInput, userErrorsOf } from "./index.js";

const good = { name: "Robot", moduleIds: ["MOD-1255"] };
const codes = (schema: typeof createApiTokenInput | typeof updateApiTokenInput, input: object) => {
  const { error } = schema.safeParse(input);
  return error ? userErrorsOf(error).map(({ code, field }) => [code, field.join(".")]) : [];
};

describe("a new token's input", () => {
  test("is stored trimmed, composed, without doubles and with no description instead of an empty one", () => {
    expect(
      createApiTokenInput.parse({
        name: "  Cafe\u0301 ",
        description: "  ",
        moduleIds: ["MOD-1255", "MOD-1310", "MOD-1255"],
      }),
    ).toEqual({ name: "Caf\u00e9", description: null, moduleIds: ["MOD-1255", "MOD-1310"] });
  });

  test.each([
    ["no name", { name: "" }, "REQUIRED", "name"],
    ["a name of blanks", { name: " \t " }, "REQUIRED", "name"],
    ["a name that is too long", { name: "x".repeat(limits.nameLength + 1) }, "TOO_LONG", "name"],
    ["a name with a line break", { name: "a\nb" }, "INVALID", "name"],
    ["a name with a NUL", { name: "a\0b" }, "INVALID", "name"],
    ["a name with half a character", { name: "a\uD800b" }, "INVALID", "name"],
    ["a name that turns text around", { name: "a\u202Eb" }, "INVALID", "name"],
    ["a description with an escape", { description: "a\u001Bb" }, "INVALID", "description"],
    ["a description that is too long", { description: "x".repeat(2001) }, "TOO_LONG", "description"],
    ["no module", { moduleIds: [] }, "REQUIRED", "moduleIds"],
    ["too many modules", { moduleIds: Array(201).fill("MOD-1255") }, "TOO_LONG", "moduleIds"],
    ["something else than a module", { moduleIds: ["TKN-1234-5678"] }, "INVALID", "moduleIds.0"],
    ["a logo that is none", { icon: "hello" }, "INVALID", "icon"],
    ["an SVG for a logo", { icon: "data:image/svg+xml;base64,AAAA" }, "INVALID", "icon"],
    ["an empty idempotency key", { idempotencyKey: "" }, "REQUIRED", "idempotencyKey"],
  ])("with %s says so", (_what, wrong, code, field) => {
    expect(codes(createApiTokenInput, { ...good, ...wrong })).toContainEqual([code, field]);
  });

  test("names every fault at once", () => {
    const faults = codes(createApiTokenInput, { name: "", description: "\0", moduleIds: [] });
    expect(faults.map(([, field]) => field)).toEqual(["name", "description", "moduleIds"]);
  });

  test("takes lines and tabs in a description, and any writing in a name", () => {
    const input = { name: "日本語 – עברית – 🤖", description: "one\n\ttwo\r\nthree", moduleIds: ["MOD-1255"] };
    expect(createApiTokenInput.parse(input)).toMatchObject(input);
  });

  test("takes names and descriptions of exactly the longest length", () => {
    expect(codes(createApiTokenInput, { ...good, name: "x".repeat(120), description: "y".repeat(2000) })).toEqual([]);
  });
});

describe("an edit's input", () => {
  const id = "TKN-1234-5678";

  test("leaves out what was left out, and clears what is null", () => {
    expect(updateApiTokenInput.parse({ id })).toEqual({ id });
    expect(updateApiTokenInput.parse({ id, description: null, icon: null, expiresAt: null })).toEqual({
      id,
      description: null,
      icon: null,
      expiresAt: null,
    });
  });

  test("cannot clear what a token must have", () => {
    expect(codes(updateApiTokenInput, { id, name: null, moduleIds: null })).toEqual([
      ["REQUIRED", "name"],
      ["REQUIRED", "moduleIds"],
    ]);
  });
});

test("every message is a sentence for people", () => {
  const { error } = createApiTokenInput.safeParse({ name: "", moduleIds: ["x"], icon: "y", description: "\0" });
  const messages = error ? userErrorsOf(error).map(({ message }) => message) : [];
  expect(messages).toHaveLength(4);
  for (const message of messages) expect(message).toMatch(/^[A-Z].*\.$/);
});

test("a sign-in needs an address and a password of at most 1,024 characters", () => {
  expect(signInInput.safeParse({ email: "a@b.example", password: "x".repeat(1024) }).success).toBe(true);
  expect(signInInput.safeParse({ email: "", password: "x" }).success).toBe(false);
  expect(signInInput.safeParse({ email: "a@b.example", password: "" }).success).toBe(false);
  expect(signInInput.safeParse({ email: "a@b.example", password: "x".repeat(1025) }).success).toBe(false);
});
