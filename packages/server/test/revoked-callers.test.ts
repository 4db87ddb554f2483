import { AuditHeadEntity, AuditRecordEntity } from "../src/features/audit/audit-record.entity.js";
import { hashRecord } from "../src/features/audit/hash-chain.js";
import { hashPassword } from "../src/features/sessions/passwords.js";
import { type Client, type Data, type GraphqlAnswer, mutations } from "./support/client.js";
import { slowLogo } from "./support/logo.js";
import { accounts, modules, password, people, testPlatform } from "./support/platform.js";
import { useServer } from "./support/test-server.js";

const { accessManagement, audit, catalogue } = modules;

describe("Changes in flight when access ends", () => {
  const server = useServer();
  let logo = "";
  beforeAll(async () => {
    logo = await slowLogo();
  });
  afterEach(() => server().apply(testPlatform()));

  /** Keeps creations with a slow logo in flight while the caller's access ends, until each is denied. */
  async function endAccessDuring(client: Client, actorId: string, endAccess: () => Promise<unknown>) {
    const input = { name: "In flight", moduleIds: [catalogue], icon: logo };
    let started: () => void = () => {};
    const underWay = new Promise<void>((resolve) => {
      started = resolve;
    });
    const keepCreating = async (): Promise<string> => {
      for (;;) {
        const { data, errors } = await client.ask(mutations.createApiToken ?? "", { input });
        const code = errors[0]?.extensions.code ?? data.createApiToken.userErrors[0]?.code;
        if (code && code !== "RATE_LIMITED") return code;
        if (!code) started();
      }
    };
    const creators = Array.from({ length: 16 }, keepCreating);
    await underWay;
    await endAccess();
    // Nothing may be stored after this.
    const acknowledged = await recordsOf(actorId);
    const codes = new Set(await Promise.all(creators));
    return { lateRecords: (await recordsOf(actorId)).length - acknowledged.length, codes: [...codes] };
  }

  const recordsOf = async (actorId: string): Promise<Data[]> =>
    server().sql("SELECT sequence FROM audit_record WHERE actor_id = ? AND event = 'api_token.created'", [actorId]);

  const mutate = async (mutation: string, input: object) => {
    const { userErrors } = await (await server().as("otherAdmin")).mutate(mutation, input);
    expect(userErrors).toEqual([]);
  };

  const platformWith = (change: (platform: ReturnType<typeof testPlatform>) => void) => {
    const platform = testPlatform();
    change(platform);
    return platform;
  };

  test.each<[string, (id: string) => Promise<unknown>]>([
    ["disabled", (id) => mutate("disableApiToken", { id })],
    ["deleted", (id) => mutate("deleteApiToken", { id })],
    ["without the Access management module", (id) => mutate("updateApiToken", { id, moduleIds: [catalogue] })],
    ["rotated without an overlap", (id) => mutate("rotateApiToken", { id, overlapSeconds: 0 })],
    [
      "in an account without the Access management module",
      () =>
        server().apply(
          platformWith(({ accounts: all }) => {
            for (const account of all) if (account.id === accounts.client) account.modules = [audit, catalogue];
          }),
        ),
    ],
  ])("A token creates nothing once it is %s", async (_how, endAccess) => {
    const robot = await server().createToken({ moduleIds: [accessManagement, catalogue] }, "otherAdmin");
    const outcome = await endAccessDuring(server().program(robot.value), robot.id, () => endAccess(robot.id));
    expect(outcome).toMatchObject({ lateRecords: 0 });
    for (const code of outcome.codes) expect(["UNAUTHENTICATED", "FORBIDDEN"]).toContain(code);
  });

  test("A token creates nothing from the millisecond it expires", async () => {
    const { clock } = server();
    const expiresAt = new Date(clock.now().getTime() + 60_000);
    const robot = await server().createToken({ moduleIds: [accessManagement, catalogue], expiresAt }, "otherAdmin");
    try {
      const client = server().program(robot.value);
      const outcome = await endAccessDuring(client, robot.id, async () => {
        clock.stopAt(expiresAt);
        // This change waits for the creation queued before it.
        await mutate("updateApiToken", { id: robot.id, name: "Expired" });
      });
      expect(outcome).toMatchObject({ lateRecords: 0, codes: ["UNAUTHENTICATED"] });
    } finally {
      clock.stopAt(null);
    }
  });

  test.each<[string, (session: Client) => Promise<unknown>]>([
    ["signed out in another tab", (session) => session.copy().data(mutations.signOut ?? "")],
    [
      "an auditor",
      () =>
        server().apply(
          platformWith(({ users }) => {
            for (const user of users) if (user.id === people.admin.id) user.roles[accounts.client] = "AUDITOR";
          }),
        ),
    ],
    [
      "without a role in the account",
      () =>
        server().apply(
          platformWith(({ users }) => {
            for (const user of users) if (user.id === people.admin.id) user.roles = {};
          }),
        ),
    ],
    [
      "given another password",
      () =>
        server().apply(
          platformWith(({ users }) => {
            for (const user of users) if (user.id === people.admin.id) user.password = "another good password";
          }),
        ),
    ],
  ])("A person creates nothing once they are %s", async (_how, endAccess) => {
    const session = await server().signIn("admin");
    const outcome = await endAccessDuring(session, people.admin.id, () => endAccess(session));
    expect(outcome).toMatchObject({ lateRecords: 0 });
    for (const code of outcome.codes) expect(["UNAUTHENTICATED", "FORBIDDEN"]).toContain(code);
  });

  test("A sign-in fails if the password changes while it is being checked", async () => {
    const { email, id } = people.admin;
    const newHash = await hashPassword("another good password");
    let changed: Promise<unknown> | undefined;
    let answer: Data;
    await server().statementsOf(
      async () => {
        answer = await server().nobody().mutate("signIn", { email, password });
      },
      (sql) => {
        if (/FROM .user. .*email. = /.test(sql))
          changed ??= server().sql("UPDATE `user` SET password_hash = ? WHERE id = ?", [newHash, id]);
      },
    );
    await changed;
    expect([answer.viewer, answer.userErrors[0]?.code]).toEqual([null, "WRONG_CREDENTIALS"]);
  });

  test("A token cannot grant a module it lost while its request was in flight", async () => {
    const robot = await server().createToken({ moduleIds: [accessManagement, catalogue] }, "otherAdmin");
    const client = server().program(robot.value);
    const narrow = () => mutate("updateApiToken", { id: robot.id, moduleIds: [accessManagement] });
    const outcome = await endAccessDuring(client, robot.id, narrow);
    expect(outcome).toEqual({ lateRecords: 0, codes: ["MODULE_NOT_ENABLED"] });
  });
});

describe("Slow responses when access ends", () => {
  const server = useServer();

  // Long enough for several reads.
  beforeAll(async () => {
    await server().createToken();
    const { manager } = server().app.dataSource;
    const head = await manager.findOneByOrFail(AuditHeadEntity, { accountId: accounts.client });
    const first = await manager.findOneByOrFail(AuditRecordEntity, { accountId: accounts.client, sequence: 1 });
    let { sequence, hash } = head;
    while (sequence < 6_000) {
      const records: AuditRecordEntity[] = [];
      for (let index = 0; index < 250; index++) {
        const record = { ...first, sequence: ++sequence, changes: "x".repeat(2_000) };
        hash = hashRecord(hash, record);
        records.push({ ...record, hash });
      }
      await manager.insert(AuditRecordEntity, records);
    }
    await manager.update(AuditHeadEntity, { accountId: accounts.client }, { sequence, hash });
  });

  test("An export is cut short when its caller signs out", async () => {
    const session = await server().signIn("auditor");
    const answer = await session.fetch("/exports/audit-trail.jsonl");
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await session.copy().data(mutations.signOut ?? "");
    const rest = async () => {
      while (!(await reader.read()).done);
    };
    await expect(rest()).rejects.toThrow();
  });

  /** Asks as a program whose token expires, by a second, at the first matching statement. */
  async function answerWhileExpiring(document: string, statement: RegExp) {
    const { clock } = server();
    const expiresAt = new Date(clock.now().getTime() + 60_000);
    const { value } = await server().createToken({ moduleIds: [accessManagement, audit], expiresAt }, "otherAdmin");
    let answer: GraphqlAnswer | undefined;
    let count = 0;
    const ask = async () => {
      answer = await server().program(value).ask(document);
    };
    try {
      const seen = (sql: string) => {
        if (statement.test(sql) && ++count === 1) clock.stopAt(new Date(expiresAt.getTime() + 1_000));
      };
      await server().statementsOf(ask, seen);
    } finally {
      clock.stopAt(null);
    }
    return { ...(answer as GraphqlAnswer), statements: count };
  }

  test("A verification stops when its caller’s token expires", async () => {
    const answer = await answerWhileExpiring("{ auditTrailVerification { records } }", /FROM .audit_record. /);
    expect(answer).toMatchObject({ status: 401, data: null, errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
    expect(answer.statements).toBe(1);
  });

  test("A query’s response is withheld if its caller’s token expires meanwhile", async () => {
    const document = "{ apiTokens { nodes { name modules { name } } } }";
    const answer = await answerWhileExpiring(document, /FROM .api_token. /);
    expect(answer).toMatchObject({ status: 401, data: null, errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
    expect(answer.headers.get("www-authenticate")).toContain("invalid_token");
  });
});
