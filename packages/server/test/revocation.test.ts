import { mutations } from "./support/client.js";
import { modules } from "./support/platform.js";
import { decided, until } from "./support/programs.js";
import { propertyRuns } from "./support/property-runs.js";
import { type CreatedToken, useServer } from "./support/test-server.js";

const rounds = propertyRuns(2);

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

  /** Ten at once, several times each. */
  const inParallel = (each: () => Promise<void>) =>
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
