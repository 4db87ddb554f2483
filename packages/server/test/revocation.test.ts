import { mutations } from "./support/client.js";
import { modules } from "./support/platform.js";
import { decided, until } from "./support/programs.js";
import { propertyRuns } from "./support/property-runs.js";
import { type CreatedToken, useServer } from "./support/test-server.js";

const rounds = propertyRuns(2);

describe("Revocation", () => {
  const server = useServer();
  const check = (value: string, query = ""): Promise<number> =>
    decided(async () => {
      const headers = { Authorization: `Bearer ${value}` };
      const answer = await fetch(`${server().url}/authorize${query}`, { headers });
      await answer.arrayBuffer();
      return answer.status;
    });
  const mutate = async (mutation: string, input: object) => {
    const payload = await (await server().as("admin")).mutate(mutation, input);
    expect(payload.userErrors).toEqual([]);
    return payload;
  };

  /** Checks the token continuously, partly bypassing the cache. Returns the statuses of checks sent after the change. */
  async function answersAfter(change: () => Promise<unknown>, { id, value }: CreatedToken, query = "") {
    let acknowledged = false;
    let ended = false;
    const late: number[] = [];
    const ask = async (lookAgain: boolean) => {
      while (!ended) {
        // Keeps a read in flight whenever possible.
        if (lookAgain) server().app.tokens.evict(id);
        const wasAcknowledged = acknowledged;
        const status = await check(value, query);
        if (wasAcknowledged) late.push(status);
      }
    };
    const askers = [true, true, false, false].map(ask);
    await until(async () => (await check(value, query)) === 200);
    await change();
    acknowledged = true;
    await until(() => late.length >= 10);
    ended = true;
    await Promise.all(askers);
    return new Set(late);
  }

  /** Runs ten at once, several times each. */
  const inParallel = (each: () => Promise<void>) =>
    Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let round = 0; round < rounds; round++) await each();
      }),
    );

  test("A token is denied once its disabling is acknowledged, and allowed once its enabling is", async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, () => server().createToken()));
    let disabled = 0;
    await Promise.all(
      tokens.map(async (token) => {
        for (let round = 0; round < rounds; round++) {
          const answers = await answersAfter(() => mutate("disableApiToken", { id: token.id }), token);
          expect([...answers]).toEqual([401]);
          disabled++;
          await mutate("enableApiToken", { id: token.id });
          expect(await check(token.value)).toBe(200);
        }
      }),
    );
    expect(disabled).toBe(10 * rounds);
  });

  test("A token is denied once its deletion is acknowledged", async () => {
    await inParallel(async () => {
      const token = await server().createToken();
      expect([...(await answersAfter(() => mutate("deleteApiToken", { id: token.id }), token))]).toEqual([401]);
    });
  });

  test("A module is denied once its removal from the token is acknowledged", async () => {
    await inParallel(async () => {
      const token = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
      const narrow = () => mutate("updateApiToken", { id: token.id, moduleIds: [modules.catalogue] });
      expect([...(await answersAfter(narrow, token, `?module=${modules.orders}`))]).toEqual([403]);
      expect(await check(token.value)).toBe(200);
    });
  });

  test("A value is denied once its rotation without an overlap is acknowledged, and the new one is allowed", async () => {
    await inParallel(async () => {
      const token = await server().createToken();
      let fresh = "";
      const replace = async () => {
        fresh = (await mutate("rotateApiToken", { id: token.id, overlapSeconds: 0 })).value;
      };
      expect([...(await answersAfter(replace, token))]).toEqual([401]);
      expect(await check(fresh)).toBe(200);
    });
  });

  test("A previous value is denied once its revocation or another rotation is acknowledged", async () => {
    const token = await server().createToken();
    const second = { ...token, value: (await mutate("rotateApiToken", { id: token.id, overlapSeconds: 600 })).value };
    expect([await check(token.value), await check(second.value)]).toEqual([200, 200]);
    expect([...(await answersAfter(() => mutate("endApiTokenRotation", { id: token.id }), token))]).toEqual([401]);
    const third = { ...token, value: (await mutate("rotateApiToken", { id: token.id, overlapSeconds: 600 })).value };
    expect([
      ...(await answersAfter(() => mutate("rotateApiToken", { id: token.id, overlapSeconds: 600 }), second)),
    ]).toEqual([401]);
    expect(await check(third.value)).toBe(200);
  });

  test("A previous value works until the millisecond it expires", async () => {
    const { clock } = server();
    const token = await server().createToken();
    const rotatedAt = new Date();
    clock.stopAt(rotatedAt);
    try {
      const { value } = await mutate("rotateApiToken", { id: token.id, overlapSeconds: 60 });
      clock.stopAt(new Date(rotatedAt.getTime() + 59_999));
      expect([await check(token.value), await check(value)]).toEqual([200, 200]);
      clock.stopAt(new Date(rotatedAt.getTime() + 60_000));
      expect([await check(token.value), await check(value)]).toEqual([401, 200]);
    } finally {
      clock.stopAt(null);
    }
  });

  test("A disabled token is denied by GraphQL and inactive to introspection", async () => {
    const verifier = await server().createToken({ moduleIds: [modules.tokenVerification] }, "operator");
    const token = await server().createToken({ moduleIds: [modules.accessManagement] });
    const introspect = async () => {
      const body = new URLSearchParams({ token: token.value });
      return (await server().program(verifier.value).fetch("/oauth2/introspect", { method: "POST", body })).json();
    };
    const graphql = async () => (await server().program(token.value).ask("{ viewer { account { id } } }")).status;
    expect([await graphql(), ((await introspect()) as { active: boolean }).active]).toEqual([200, true]);
    await mutate("disableApiToken", { id: token.id });
    expect([await graphql(), await introspect()]).toEqual([401, { active: false }]);
  });

  test("A disabling is in force once acknowledged, even with a concurrent edit", async () => {
    await inParallel(async () => {
      const token = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
      await check(token.value);
      const admin = await server().as("admin");
      const [disabled] = await Promise.all([
        admin.ask(mutations.disableApiToken ?? "", { input: { id: token.id } }),
        admin.ask(mutations.updateApiToken ?? "", { input: { id: token.id, moduleIds: [modules.catalogue] } }),
      ]);
      if (disabled.data.disableApiToken.apiToken) expect(await check(token.value)).toBe(401);
    });
  });
});
