import { mutations } from "./support/client.js";
import { accounts, modules, testPlatform } from "./support/platform.js";
import { applyPlatformFile, decided, holdsWithinTheBound, runCommand, until } from "./support/programs.js";
import { type CreatedToken, useServer } from "./support/test-server.js";

describe("once a change is acknowledged", () => {
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

  /** Checks the token all the time, some of it past the cache, and gives the answers to what was asked after the change. */
  async function answersAfter(change: () => Promise<unknown>, { id, value }: CreatedToken, query = "") {
    let acknowledged = false;
    let ended = false;
    const late: number[] = [];
    const ask = async (lookAgain: boolean) => {
      while (!ended) {
        // A read is under way whenever it can be.
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

  /** Ten at once, twice each. */
  const inParallel = (each: () => Promise<void>, rounds = 2) =>
    Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let round = 0; round < rounds; round++) await each();
      }),
    );

  test("no check passes a token that was disabled, and each passes one that was enabled again", async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, () => server().createToken()));
    let disabled = 0;
    await Promise.all(
      tokens.map(async (token) => {
        for (let round = 0; round < 10; round++) {
          const answers = await answersAfter(() => mutate("disableApiToken", { id: token.id }), token);
          expect([...answers]).toEqual([401]);
          disabled++;
          await mutate("enableApiToken", { id: token.id });
          expect(await check(token.value)).toBe(200);
        }
      }),
    );
    expect(disabled).toBe(100);
  });

  test("no check passes a token that was deleted", async () => {
    await inParallel(async () => {
      const token = await server().createToken();
      expect([...(await answersAfter(() => mutate("deleteApiToken", { id: token.id }), token))]).toEqual([401]);
    });
  });

  test("no check grants a module that was taken from the token", async () => {
    await inParallel(async () => {
      const token = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
      const narrow = () => mutate("updateApiToken", { id: token.id, moduleIds: [modules.catalogue] });
      expect([...(await answersAfter(narrow, token, `?module=${modules.orders}`))]).toEqual([403]);
      expect(await check(token.value)).toBe(200);
    });
  });

  test("no check passes a value that was replaced without an overlap, and the new one passes", async () => {
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

  test("no check passes a previous value whose overlap was ended, or which a further rotation pushed out", async () => {
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

  test("a previous value works until the millisecond at which its overlap ends", async () => {
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

  test("the token is refused over GraphQL and is inactive to introspection, too", async () => {
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

  test("of two changes at once, both are in force when both are acknowledged", async () => {
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

describe("what another process changes", () => {
  const server = useServer();
  const status = async (value: string, query = "") =>
    (await server().program(value).fetch(`/authorize${query}`)).status;
  const within = (value: string, wanted: number, query = "") => holdsWithinTheBound(() => status(value, query), wanted);

  test("a token that the command line disables is refused within a second, and passes within one when it is enabled", async () => {
    const { id, value } = await server().createToken();
    expect(await status(value)).toBe(200);
    await runCommand(server().database.env, "tokens", "disable", id);
    await within(value, 401);
    await runCommand(server().database.env, "tokens", "enable", id);
    await within(value, 200);
  });

  test("a module that the platform file takes from the account is missing within a second, until someone grants it again", async () => {
    const { id, value } = await server().createToken({ moduleIds: [modules.catalogue, modules.orders] });
    const orders = `?module=${modules.orders}`;
    expect(await status(value, orders)).toBe(200);
    const platform = testPlatform();
    const client = platform.accounts.find(({ id }) => id === accounts.client);
    if (client) client.modules = client.modules.filter((module) => module !== modules.orders);
    await applyPlatformFile(server().database.env, platform);
    await within(value, 403, orders);
    expect(await status(value)).toBe(200);
    await applyPlatformFile(server().database.env);
    expect(await status(value, orders)).toBe(403);
    const admin = await server().as("admin");
    await admin.mutate("updateApiToken", { id, moduleIds: [modules.catalogue, modules.orders] });
    expect(await status(value, orders)).toBe(200);
  });
});
