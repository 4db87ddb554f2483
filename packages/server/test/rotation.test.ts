import { modules } from "./support/platform.js";
import { useServer } from "./support/test-server.js";

describe("Token rotation", () => {
  const server = useServer();
  const check = async (value: string) => (await server().program(value).fetch("/authorize")).status;
  const rotate = async (input: object) => (await server().as("admin")).mutate("rotateApiToken", input);

  test("A rotation adds a second value, and the first stays valid until the overlap ends", async () => {
    const { id, value: first } = await server().createToken();
    const { apiToken, value: second, userErrors } = await rotate({ id, overlapSeconds: 3_600 });
    expect([userErrors, apiToken.version, apiToken.status]).toEqual([[], 2, "ACTIVE"]);
    expect(second).not.toBe(first);
    expect(await Promise.all([check(first), check(second)])).toEqual([200, 200]);
    const ends = new Date(apiToken.previousValueExpiresAt);
    try {
      server().clock.stopAt(new Date(ends.getTime() - 1));
      expect(await Promise.all([check(first), check(second)])).toEqual([200, 200]);
      server().clock.stopAt(ends);
      expect(await Promise.all([check(first), check(second)])).toEqual([401, 200]);
    } finally {
      server().clock.stopAt(null);
    }
    const revealed = await (await server().as("admin")).mutate("revealApiToken", { id, purpose: "SHOW" });
    expect(revealed.value).toBe(second);
  });

  test("A rotation without an overlap revokes the first value at once", async () => {
    const { id, value: first } = await server().createToken();
    const { apiToken, value: second } = await rotate({ id, overlapSeconds: 0 });
    expect(apiToken.previousValueExpiresAt).toBeNull();
    expect(await Promise.all([check(first), check(second)])).toEqual([401, 200]);
    expect(await server().sql("SELECT slot FROM api_token_secret WHERE token_id = ?", [id])).toHaveLength(1);
  });

  test("A second rotation with the same version is rejected as stale", async () => {
    const { id, value: first } = await server().createToken();
    const { value: second } = await rotate({ id, version: 1 });
    expect((await rotate({ id, version: 1 })).userErrors).toMatchObject([{ code: "VERSION_CONFLICT" }]);
    expect(await Promise.all([check(first), check(second)])).toEqual([200, 200]);
  });

  test("A previous value can be revoked by hand once", async () => {
    const { id, value: first } = await server().createToken();
    const { value: second } = await rotate({ id });
    const admin = await server().as("admin");
    expect((await admin.mutate("endApiTokenRotation", { id })).userErrors).toEqual([]);
    expect(await Promise.all([check(first), check(second)])).toEqual([401, 200]);
    expect((await admin.mutate("endApiTokenRotation", { id })).userErrors).toMatchObject([
      { code: "ILLEGAL_TRANSITION" },
    ]);
  });

  test("Repeated rotations leave up to two valid values", async () => {
    const { id, value: first } = await server().createToken();
    const { value: second } = await rotate({ id });
    const { value: third } = await rotate({ id });
    expect(await Promise.all([first, second, third].map(check))).toEqual([401, 200, 200]);
    await (await server().as("admin")).mutate("deleteApiToken", { id });
    expect(await Promise.all([first, second, third].map(check))).toEqual([401, 401, 401]);
    expect(await server().sql("SELECT slot FROM api_token_secret WHERE token_id = ?", [id])).toEqual([]);
  });

  test("Ten concurrent rotations leave one current value that works", async () => {
    const { id } = await server().createToken();
    const answers = await Promise.all(Array.from({ length: 10 }, () => rotate({ id })));
    const won = answers.filter(({ userErrors }) => userErrors.length === 0);
    const admin = await server().as("admin");
    const { value } = await admin.mutate("revealApiToken", { id, purpose: "SHOW" });
    expect(won.map((each) => each.value)).toContain(value);
    expect(await check(value)).toBe(200);
    const [{ version }] = await server().sql("SELECT version FROM api_token WHERE id = ?", [id]);
    expect(version).toBe(1 + won.length);
  });

  test.each([-1, 604_801])("An overlap of %i s is rejected", async (overlapSeconds) => {
    const { id } = await server().createToken();
    expect((await rotate({ id, overlapSeconds })).userErrors).toMatchObject([
      { code: "INVALID", field: ["overlapSeconds"] },
    ]);
  });

  test("A token can rotate itself but no other token", async () => {
    const { id, value } = await server().createToken({ moduleIds: [modules.accessManagement] });
    const other = await server().createToken();
    const program = server().program(value);
    await expect(program.mutate("rotateApiToken", { id: other.id })).rejects.toThrow("FORBIDDEN");
    const rotated = await program.mutate("rotateApiToken", { id, overlapSeconds: 60 });
    expect(await check(rotated.value)).toBe(200);
  });
});

describe("Introspection by operators", () => {
  const server = useServer();
  const introspect = async (by: Record<string, string>, token: string | null) => {
    const answer = await server()
      .nobody()
      .fetch("/oauth2/introspect", {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", ...by },
        body: token === null ? "" : new URLSearchParams({ token }).toString(),
      });
    return { status: answer.status, cache: answer.headers.get("cache-control"), body: JSON.parse(await answer.text()) };
  };

  test("An operator’s verifier gets a valid token’s details and nothing about invalid ones", async () => {
    const verifier = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    const expiresAt = "2099-01-01T00:00:00.000Z";
    const good = await server().createToken({ moduleIds: [modules.catalogue], expiresAt });
    const bad = await server().createTokenThatIs("DISABLED");
    const bearer = { Authorization: `Bearer ${verifier.value}` };
    const basic = { Authorization: `Basic ${Buffer.from(`${verifier.id}:${verifier.value}`).toString("base64")}` };
    for (const by of [bearer, basic]) {
      expect(await introspect(by, good.value)).toMatchObject({
        status: 200,
        cache: "no-store",
        body: {
          active: true,
          sub: good.id,
          client_id: good.id,
          scope: modules.catalogue,
          token_type: "Bearer",
          exp: 4_070_908_800,
        },
      });
      for (const token of [bad.value, "nonsense", `${good.value.slice(0, -1)}_`])
        expect((await introspect(by, token)).body).toEqual({ active: false });
    }
    expect((await introspect(bearer, null)).status).toBe(400);
  });

  test("Introspection by any other caller is denied", async () => {
    const good = await server().createToken();
    const plain = await server().createToken({ moduleIds: [modules.catalogue] }, "operator");
    expect((await introspect({}, good.value)).status).toBe(401);
    expect((await introspect({ Authorization: "Basic bm9ib2R5Og==" }, good.value)).status).toBe(401);
    expect((await introspect({ Authorization: `Bearer ${good.value}` }, good.value)).status).toBe(403);
    expect((await introspect({ Authorization: `Bearer ${plain.value}` }, good.value)).status).toBe(403);
  });
});
