import { randomInt } from "node:crypto";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client, Data } from "../test/support/client.js";
import { createMariadbDatabase, type TestDatabase } from "../test/support/database.js";
import { MailServer } from "../test/support/mail-server.js";
import { freePort, type Mariadb, startMariadb } from "../test/support/mariadb.js";
import { modules, people } from "../test/support/platform.js";
import { applyPlatformFile, describeWith, HallpassProcess, until } from "../test/support/programs.js";
import { Receiver } from "../test/support/receiver.js";
import { scale } from "./support/scale.js";
import { count } from "./support/table.js";

const rounds = scale(12, 2);
const wanted = ["api_token.created", "api_token.disabled"];
const paths = ["/one", "/two", "/three"];
const administrators = [people.admin, people.otherAdmin, people.consultant].map(({ email }) => email);
/** One in so many new tokens is reported as leaked. An email lists 50 tokens. */
const leakedShare = 12;
/** Whatever waits for another attempt is due by then. */
const waitMs = 3 * 3_600_000;
const laterBy = (ms: number) => ({
  NODE_OPTIONS: `--require ${join(__dirname, "../test/support/shifted-clock.cjs")}`,
  SHIFT_MS: String(ms),
});

describeWith(["mariadbd", "mariadb-install-db"], "Webhooks and emails during faults", () => {
  let mariadb: Mariadb;
  let database: TestDatabase;
  let receiver: Receiver;
  let mail: MailServer;
  const ports: number[] = [];
  const processes: HallpassProcess[] = [];
  const clients: Client[] = [];
  /** Each webhook's path with the ID of a message that the receiver accepted. */
  const accepted = new Set<string>();
  let refused = 0;
  /** IDs of tokens whose creation, and whose report as leaked, was acknowledged. */
  const created: string[] = [];
  const leaked: string[] = [];

  const start = async (at: number, more: Record<string, string> = {}) => {
    processes[at] = await HallpassProcess.start({
      ...database.env,
      PORT: String(ports[at]),
      HALLPASS_WEBHOOK_PRIVATE_NETWORKS: "on",
      SMTP_URL: mail.url,
      SMTP_FROM: "hallpass@platform.example",
      ...more,
    });
  };

  beforeAll(async () => {
    mariadb = await startMariadb();
    database = await createMariadbDatabase(mariadb.port);
    [receiver, mail] = [await Receiver.start(), await MailServer.start()];
    await applyPlatformFile(database.env);
    for (const at of [0, 1]) {
      ports.push(await freePort());
      await start(at);
      clients.push(await (processes[at] as HallpassProcess).signIn("admin"));
    }
    for (const path of paths) {
      const url = new URL(path, receiver.url).href;
      const { webhook } = await (clients[0] as Client).mutate("createWebhook", { url, events: wanted });
      expect(webhook).toBeTruthy();
    }
  });
  afterAll(async () => {
    mariadb?.signal("SIGCONT");
    for (const each of processes) await each.kill();
    await receiver?.stop();
    await mail?.stop();
    await database?.remove().catch(() => {});
    await mariadb?.remove();
  });

  /** Creates tokens, reports some of them as leaked, and records what was acknowledged, until `isOver`. */
  async function change(client: Client, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await sleep(randomInt(20, 60));
      try {
        const { apiToken, value } = await client.mutate("createApiToken", {
          name: "Robot",
          moduleIds: [modules.catalogue],
        });
        created.push(apiToken.id);
        if (created.length % leakedShare !== 0 || leaked.length >= 40) continue;
        const headers = { "Content-Type": "application/json" };
        const report = { method: "POST", headers, body: JSON.stringify({ tokens: [value] }) };
        if ((await client.fetch("/oauth2/revoke", report)).status === 200) leaked.push(apiToken.id);
      } catch {
        await sleep(200);
      }
    }
  }

  function reply(response: ServerResponse, status: number): void {
    if (status === 204) accepted.add(`${response.req.url} ${response.req.headers["webhook-id"]}`);
    response.writeHead(status).end();
  }

  /** Makes the receiver and the mail server fail, hang and answer late. */
  function worsen(): void {
    const answers = [204, 204, 204, 204, 204, 500, 429, "close"] as const;
    receiver.answer = (response) => {
      // What hangs takes ten seconds of the time.
      const answer = randomInt(40) === 0 ? "hang" : (answers[randomInt(answers.length)] ?? 204);
      if (answer !== 204) refused++;
      if (answer === "close") response.destroy();
      else if (answer !== "hang") setTimeout(() => reply(response, answer), randomInt(200));
    };
    mail.delayMs = 150;
    mail.rejectsAtEnd = () => randomInt(3) === 0;
  }

  function mend(): void {
    receiver.answer = (response) => reply(response, 204);
    mail.delayMs = 0;
    mail.rejectsAtEnd = () => false;
  }

  test(`Whatever fails, hangs or is killed, each event and each leak is sent, under one ID (${rounds} rounds)`, async () => {
    let isOver = false;
    const changing = clients.map((client) => change(client, () => isOver));
    worsen();
    for (let round = 0; round < rounds; round++) {
      await sleep(randomInt(1_500, 3_000));
      await mariadb.kill();
      await sleep(randomInt(500, 1_500));
      await mariadb.start();
      await sleep(randomInt(1_500, 3_000));
      await processes[round % 2]?.kill();
      await start(round % 2);
      await sleep(randomInt(1_000, 2_000));
      mariadb.signal("SIGSTOP");
      await sleep(randomInt(1_000, 4_000));
      mariadb.signal("SIGCONT");
    }
    await sleep(2_000);
    isOver = true;
    await Promise.all(changing);
    for (const each of processes) await each.kill();
    mend();
    await start(0, laterBy(waitMs));

    const admin = await (processes[0] as HallpassProcess).signIn("admin");
    const events = await wantedRecords(admin);
    const isSent = (id: string) => paths.every((path) => accepted.has(`${path} ${id}`));
    await until(() => events.every(({ id }) => isSent(id)), { everyMs: 200 });
    expect(refused).toBeGreaterThan(0);
    expect(events.map(({ objectId }) => objectId)).toEqual(expect.arrayContaining(created));
    const sent = receiver.received.map(({ headers, message }) => `${headers["webhook-id"]} ${message.data.sequence}`);
    expect(new Set(sent).size).toBe(events.length);

    const emailsTo = (recipient: string, id: string) =>
      mail.received.filter(({ recipients, text }) => recipients.includes(recipient) && text.includes(id));
    const isEmailed = (id: string) =>
      administrators.every((each) => emailsTo(each, id).some(({ isAccepted }) => isAccepted));
    await until(() => leaked.every(isEmailed), { everyMs: 200 });
    const idOf = ({ text }: { text: string }) => /^Message-ID: (<[^>]+>)/im.exec(text)?.[1];
    for (const id of leaked)
      for (const each of administrators) expect(new Set(emailsTo(each, id).map(idOf)).size).toBe(1);
    expect(leaked.length).toBeGreaterThan(0);
    count("events", events.length);
    count("leaks", leaked.length);
  });

  /** Of the account, after the webhook was created. */
  async function wantedRecords(admin: Client): Promise<{ id: string; objectId: string }[]> {
    const document = `query ($after: String, $events: [String!]) {
      auditTrail(first: 100, after: $after, filter: { events: $events }) {
        nodes { id objectId } pageInfo { hasNextPage endCursor } } }`;
    const found: { id: string; objectId: string }[] = [];
    for (let after: string | null = null; ; ) {
      const { nodes, pageInfo }: Data = (await admin.data(document, { after, events: wanted })).auditTrail;
      found.push(...nodes);
      if (!pageInfo.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  }
});
