import { createApiTokenInput, limits, signInInput, updateApiTokenInput, userErrorsOf } from "./index.js";

const good = { name: "Robot", moduleIds: ["MOD-1255"] };
const codes = (schema: typeof createApiTokenInput | typeof updateApiTokenInput, input: object) => {
  const { error } = schema.safeParse(input);
  return error ? userErrorsOf(error).map(({ code, field }) => [code, field.join(".")]) : [];
};

describe("Creation input", () => {
  test("Input is trimmed, normalised and deduplicated, and an empty description becomes null", () => {
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
    ["a name with a lone surrogate", { name: "a\uD800b" }, "INVALID", "name"],
    ["a name with a bidirectional control", { name: "a\u202Eb" }, "INVALID", "name"],
    ["a description with an escape character", { description: "a\u001Bb" }, "INVALID", "description"],
    ["a description that is too long", { description: "x".repeat(2001) }, "TOO_LONG", "description"],
    ["no module", { moduleIds: [] }, "REQUIRED", "moduleIds"],
    ["too many modules", { moduleIds: Array(201).fill("MOD-1255") }, "TOO_LONG", "moduleIds"],
    ["an ID of another kind as a module", { moduleIds: ["TKN-1234-5678"] }, "INVALID", "moduleIds.0"],
    ["a malformed logo", { icon: "hello" }, "INVALID", "icon"],
    ["an SVG logo", { icon: "data:image/svg+xml;base64,AAAA" }, "INVALID", "icon"],
    ["an empty idempotency key", { idempotencyKey: "" }, "REQUIRED", "idempotencyKey"],
  ])("An input with %s is rejected with its code and field", (_what, wrong, code, field) => {
    expect(codes(createApiTokenInput, { ...good, ...wrong })).toContainEqual([code, field]);
  });

  test("All errors are reported at once", () => {
    const faults = codes(createApiTokenInput, { name: "", description: "\0", moduleIds: [] });
    expect(faults.map(([, field]) => field)).toEqual(["name", "description", "moduleIds"]);
  });

  test("A description with line breaks and tabs and a name in any script are accepted", () => {
    const input = { name: "日本語 – עברית – 🤖", description: "one\n\ttwo\r\nthree", moduleIds: ["MOD-1255"] };
    expect(createApiTokenInput.parse(input)).toMatchObject(input);
  });

  test("A name and a description of the maximum length are accepted", () => {
    expect(codes(createApiTokenInput, { ...good, name: "x".repeat(120), description: "y".repeat(2000) })).toEqual([]);
  });
});

describe("Edit input", () => {
  const id = "TKN-1234-5678";

  test("Omitted fields stay omitted, and a null clears a field", () => {
    expect(updateApiTokenInput.parse({ id })).toEqual({ id });
    expect(updateApiTokenInput.parse({ id, description: null, icon: null, expiresAt: null })).toEqual({
      id,
      description: null,
      icon: null,
      expiresAt: null,
    });
  });

  test("A null for the name or modules is rejected", () => {
    expect(codes(updateApiTokenInput, { id, name: null, moduleIds: null })).toEqual([
      ["REQUIRED", "name"],
      ["REQUIRED", "moduleIds"],
    ]);
  });
});

test("Every error message is a sentence", () => {
  const { error } = createApiTokenInput.safeParse({ name: "", moduleIds: ["x"], icon: "y", description: "\0" });
  const messages = error ? userErrorsOf(error).map(({ message }) => message) : [];
  expect(messages).toHaveLength(4);
  for (const message of messages) expect(message).toMatch(/^[A-Z].*\.$/);
});

test("A sign-in needs an email address and a password of up to 1,024 characters", () => {
  expect(signInInput.safeParse({ email: "a@b.example", password: "x".repeat(1024) }).success).toBe(true);
  expect(signInInput.safeParse({ email: "", password: "x" }).success).toBe(false);
  expect(signInInput.safeParse({ email: "a@b.example", password: "" }).success).toBe(false);
  expect(signInInput.safeParse({ email: "a@b.example", password: "x".repeat(1025) }).success).toBe(false);
});
