import type { Client } from "../support/client.js";
import { modules } from "../support/platform.js";
import { type CreatedToken, useServer } from "../support/test-server.js";

const bulk = (name: string) => `mutation ($input: Bulk${name === "updateApiTokens" ? "Update" : ""}ApiTokensInput!) {
  ${name}(input: $input) {
    results { id apiToken { id status version expiresAt ipRanges rateLimit { requests perSeconds } } userErrors { code field message } }
    userErrors { code field message }
  }
}`;

describe("Bulk changes", () => {
  const server = useServer();
  let admin: Client;
  beforeAll(async () => {
    admin = await server().as("admin");
  });
  const change = (name: string, input: object, client = admin) => client.mutate(bulk(name), input);
  const tokens = async (count: number) => {
    const created: CreatedToken[] = [];
    for (let index = 0; index < count; index++) created.push(await server().createToken());
    return created;
  };
  const checked = async (value: string) => (await server().program(value).fetch("/authorize")).status;

  test("Disabling, enabling and deleting take effect at once, with an audit record for each token", async () => {
    const some = await tokens(5);
    const ids = some.map(({ id }) => id);
    for (const [name, status, event, seen] of [
      ["disableApiTokens", "DISABLED", "api_token.disabled", 401],
      ["enableApiTokens", "ACTIVE", "api_token.enabled", 200],
      ["deleteApiTokens", null, "api_token.deleted", 401],
    ] as const) {
      const { results, userErrors } = await change(name, { ids });
      expect(userErrors).toEqual([]);
      expect(results).toMatchObject(ids.map((id) => ({ id, apiToken: status && { id, status }, userErrors: [] })));
      for (const { value } of some) expect(await checked(value)).toBe(seen);
      const records = await server().trail(admin, { objectIds: ids, events: [event] });
      expect(records.map(({ objectId }) => objectId)).toEqual(ids);
      expect(records.every(({ actor }) => actor.__typename === "User")).toBe(true);
    }
  });

  test("Deleting destroys the values of all tokens", async () => {
    const ids = (await tokens(3)).map(({ id }) => id);
    const stored = async () => {
      const places = ids.map(() => "?").join(", ");
      const rows = await server().sql(`SELECT token_id FROM api_token_secret WHERE token_id IN (${places})`, ids);
      return rows.length;
    };
    expect(await stored()).toBe(3);
    await change("deleteApiTokens", { ids });
    expect(await stored()).toBe(0);
    const { apiTokens } = await admin.data(
      "{ apiTokens(orderBy: { field: LAST_ACCESS_AT, direction: DESC }) { nodes { id } } }",
    );
    expect(apiTokens.nodes.filter(({ id }: { id: string }) => ids.includes(id))).toEqual([]);
  });

  test("A token that cannot be changed gets its own errors, and the others are changed", async () => {
    const [active] = await tokens(1);
    const disabled = await server().createTokenThatIs("DISABLED");
    const deleted = await server().createTokenThatIs("DELETED");
    const other = await server().createToken({}, "operator");
    const ids = [disabled.id, active?.id, deleted.id, other.id, "TKN-0000-0000", "junk", active?.id];
    const { results } = await change("disableApiTokens", { ids });
    const failed = (id: string, code: string) => ({ id, apiToken: null, userErrors: [{ code }] });
    expect(results).toMatchObject([
      failed(disabled.id, "ILLEGAL_TRANSITION"),
      { id: active?.id, apiToken: { status: "DISABLED" }, userErrors: [] },
      ...[deleted.id, other.id, "TKN-0000-0000", "junk"].map((id) => failed(id, "NOT_FOUND")),
    ]);
    expect(await checked(other.value)).toBe(200);
  });

  test("An update sets expiry, IP ranges and rate limit, and records only what changed", async () => {
    const some = await tokens(2);
    const ids = some.map(({ id }) => id);
    const expiresAt = "2099-01-01T00:00:00.000Z";
    const rateLimit = { requests: 100, perSeconds: 60 };
    const { results } = await change("updateApiTokens", { ids, expiresAt, rateLimit, ipRanges: ["0.0.0.0/0"] });
    for (const { apiToken } of results)
      expect(apiToken).toMatchObject({ expiresAt, rateLimit, ipRanges: ["0.0.0.0/0"], version: 2 });
    const again = await change("updateApiTokens", { ids, expiresAt });
    expect(again.results.map(({ apiToken }: { apiToken: { version: number } }) => apiToken.version)).toEqual([2, 2]);
    await change("updateApiTokens", { ids: [ids[0]], expiresAt: null });
    const records = await server().trail(admin, { objectIds: ids, events: ["api_token.updated"] });
    expect(records.length).toBe(3);
    expect(JSON.parse(records[2]?.details)).toMatchObject({ before: { expiresAt }, after: { expiresAt: null } });
    expect(records[2]?.details).not.toContain("rateLimit");
    const { apiToken } = await admin.data(
      "query ($id: ID!) { apiToken(id: $id) { expiresAt rateLimit { requests } } }",
      { id: ids[0] },
    );
    expect(apiToken).toEqual({ expiresAt: null, rateLimit: { requests: 100 } });
  });

  test("An update with invalid input changes nothing", async () => {
    const [token] = await tokens(1);
    for (const [input, field] of [
      [{ expiresAt: "2020-01-01T00:00:00.000Z" }, "expiresAt"],
      [{ ipRanges: ["x"] }, "ipRanges"],
      [{ rateLimit: { requests: 0, perSeconds: 1 } }, "rateLimit"],
    ] as const) {
      const { results, userErrors } = await change("updateApiTokens", { ids: [token?.id], ...input });
      expect([results, userErrors[0]?.field?.[0]]).toEqual([[], field]);
    }
  });

  test("Up to 1,000 tokens are changed by a few statements, while checks go on", async () => {
    const ids = (await tokens(250)).map(({ id }) => id);
    const statements = await server().statementsOf(() => change("disableApiTokens", { ids }));
    expect(statements.length).toBeLessThan(40);
    const { results } = await change("enableApiTokens", { ids });
    expect(results.every(({ apiToken }: { apiToken: { status: string } }) => apiToken.status === "ACTIVE")).toBe(true);
    const unknown = Array.from({ length: 1_000 }, (_, index) => `TKN-0000-${String(index).padStart(4, "0")}`);
    expect((await change("deleteApiTokens", { ids: unknown })).results.length).toBe(1_000);
    expect((await change("deleteApiTokens", { ids: [...unknown, "TKN-0001-0000"] })).userErrors).toEqual([
      { code: "TOO_LONG", field: ["ids"], message: "Select up to 1,000 tokens." },
    ]);
    expect((await change("deleteApiTokens", { ids: [] })).userErrors).toMatchObject([
      { code: "REQUIRED", field: ["ids"] },
    ]);
  });

  test("A token changes only what it may, one by one", async () => {
    const moduleIds = [modules.accessManagement];
    const caller = await server().createToken({ moduleIds, expiresAt: "2099-01-01T00:00:00.000Z" });
    const program = server().program(caller.value);
    const child = await server().createToken({ moduleIds }, program);
    const stronger = await server().createToken({ moduleIds: [modules.accessManagement, modules.orders] });
    const byPerson = await server().createTokenThatIs("DISABLED", { moduleIds });
    const codes = ({ results }: { results: { userErrors: { code: string }[] }[] }) =>
      results.map(({ userErrors }) => userErrors[0]?.code ?? null);
    const ids = [caller.id, child.id, stronger.id];
    expect(codes(await change("disableApiTokens", { ids }, program))).toEqual(["ILLEGAL_TRANSITION", null, null]);
    expect(codes(await change("enableApiTokens", { ids: [child.id, stronger.id, byPerson.id] }, program))).toEqual([
      null,
      "ILLEGAL_TRANSITION",
      "ILLEGAL_TRANSITION",
    ]);
    const expiresAt = "2099-06-01T00:00:00.000Z";
    expect(codes(await change("updateApiTokens", { ids: [child.id], expiresAt }, program))).toEqual(["INVALID"]);
    expect(await checked(caller.value)).toBe(200);
  });

  test("An auditor cannot change any token", async () => {
    const [token] = await tokens(1);
    const { errors } = await (await server().as("auditor")).ask(bulk("deleteApiTokens"), {
      input: { ids: [token?.id] },
    });
    expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
    expect(await checked(token?.value ?? "")).toBe(200);
  });
});
