import { randomBytes } from "node:crypto";
import { WebhookDeliveryEntity } from "../../src/features/webhooks/webhook.entity.js";
import { Client } from "./client.js";
import { accounts, modules, type Person, people, testPlatform } from "./platform.js";
import type { CreatedToken, TestServer } from "./test-server.js";

// Three accounts with one of everything, each with its mark in every text, which no other account may ever read.

type TenantName = keyof typeof accounts;

const own = {
  client: { mark: "canary.client", admin: "admin", module: "MOD-1351" },
  vendor: { mark: "canary.vendor", admin: "vendorAdmin", module: modules.helpdesk },
  operations: { mark: "canary.operations", admin: "operator", module: "MOD-1352" },
} as const satisfies Record<TenantName, { mark: string; admin: Person; module: string }>;
const names = Object.keys(own) as TenantName[];

/** A person who no longer has an account. */
const formerId = "USR-0000-0009";
const onePixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const passwordOf = (person: Person) => `the password of ${person}`;

/** The test platform with a mark in each name, a password per person and a module per account. */
function markedPlatform() {
  const platform = testPlatform();
  for (const name of names) {
    const { mark, module } = own[name];
    const account = platform.accounts.find(({ id }) => id === accounts[name]);
    if (!account) throw new Error(`There is no account ${name}.`);
    account.name += ` ${mark}`;
    account.modules = [...new Set([...account.modules, module])];
    platform.modules = platform.modules.filter(({ id }) => id !== module);
    platform.modules.push({ id: module, name: `Module of ${mark}`, description: `For ${mark}` });
    // The consultant is in two accounts, and known in both.
    for (const user of platform.users) if (Object.keys(user.roles).join() === account.id) user.name += ` ${mark}`;
  }
  for (const user of platform.users) {
    const person = (Object.keys(people) as Person[]).find((each) => people[each].id === user.id);
    if (person) user.password = passwordOf(person);
  }
  return platform;
}

/** IDs of one of everything. */
export interface Ids {
  account: string;
  user: string;
  module: string;
  token: string;
  /** A token created by the token. */
  child: string;
  /** A token whose creator has left. */
  former: string;
  deleted: string;
  record: string;
  /** A view shared in the account. */
  view: string;
  webhook: string;
  delivery: string;
}

/** IDs of each kind that do not exist. */
export const missing: Ids = {
  account: "ACC-0000-0000",
  user: "USR-0000-0000",
  module: "MOD-0000",
  token: "TKN-0000-0000",
  child: "TKN-0000-0001",
  former: "TKN-0000-0002",
  deleted: "TKN-0000-0003",
  record: "AUD-0000-0000-1",
  view: "000000000000000000000000",
  webhook: "000000000000000000000001",
  delivery: "000000000000000000000002",
};

export class Tenant {
  private constructor(
    readonly server: TestServer,
    readonly name: TenantName,
    /** An administrator's session. */
    readonly admin: Client,
    readonly ids: Ids,
    readonly token: CreatedToken,
    /** A cursor of each list in each order, by the list's query. */
    readonly cursors: Record<string, string>,
  ) {}

  static async create(server: TestServer, name: TenantName): Promise<Tenant> {
    const { mark, admin: person, module } = own[name];
    const admin = await signIn(server, person, { "User-Agent": `${mark} browser` });
    const create = (input: object, by = admin) =>
      server.createToken({ name: `Robot ${mark}`, moduleIds: [modules.accessManagement, module], ...input }, by);
    const token = await create({
      name: `Robot ${mark}`,
      description: `For ${mark}`,
      moduleIds: [modules.accessManagement, modules.audit, module],
      icon: onePixel,
      expiresAt: "2099-01-01T00:00:00.000Z",
      rateLimit: { requests: 1_000_000, perSeconds: 1 },
      idempotencyKey: mark,
    });
    const child = await create({}, server.program(token.value));
    const former = await create({});
    const deleted = await create({});
    await admin.mutate("deleteApiToken", { id: deleted.id });
    await server.program(token.value).fetch("/authorize", { headers: { "User-Agent": `${mark} robot` } });
    const { value } = await admin.mutate("rotateApiToken", { id: token.id, overlapSeconds: 604_800 });

    // Set by hand: a creator who has left, and a use of either value.
    const gone = [formerId, `Gone ${mark}`, former.id];
    await server.sql("UPDATE api_token SET created_by_id = ?, created_by_name = ? WHERE id = ?", gone);
    await server.sql(
      "UPDATE api_token_secret SET last_used_at = (SELECT created_at FROM api_token WHERE id = ?) WHERE token_id = ?",
      [token.id, token.id],
    );
    const { webhook } = await admin.mutate("createWebhook", {
      url: `https://127.0.0.1:1/${mark}`,
      events: ["api_token.disabled"],
    });
    const delivery = await addDelivery(server, name, webhook.id);
    const ids = {
      account: accounts[name],
      user: people[person].id,
      module,
      token: token.id,
      child: child.id,
      former: former.id,
      deleted: deleted.id,
      record: (await server.trail(admin, { objectIds: [token.id] })).at(-1).id as string,
      view: (await admin.mutate("createSavedView", sharedView(mark))).savedView.id as string,
      webhook: webhook.id as string,
      delivery,
    };
    return new Tenant(server, name, admin, ids, { ...token, value }, await cursorsOf(admin, token.id));
  }

  get mark(): string {
    return own[this.name].mark;
  }

  get email(): string {
    return people[own[this.name].admin].email;
  }

  get password(): string {
    return passwordOf(own[this.name].admin);
  }

  /** Texts that each identify the account. */
  get marks(): string[] {
    const record = `AUD${this.ids.account.slice(3)}-`;
    const masked = `hp_${this.ids.token.slice(4).replace("-", "")}_`;
    return [this.mark, ...Object.values(this.ids), record, masked, this.token.value, this.email];
  }

  /** Whether the text, or a cursor in it, identifies the account by anything not already in `said`. */
  isIn(text: string, said = ""): boolean {
    const cursors = (text.match(/[A-Za-z0-9_-]{40,}/g) ?? []).map((each) => Buffer.from(each, "base64url").toString());
    const all = [text, ...cursors].join("\n");
    return this.marks.some((mark) => all.includes(mark) && !said.includes(mark));
  }

  /** Disables a token as a token would, so that tokens can enable it. */
  async disableByToken(id: string): Promise<void> {
    const { value } = await this.createToken({ moduleIds: [modules.accessManagement] });
    await this.server.program(value).mutate("disableApiToken", { id });
  }

  createToken(input: object = {}): Promise<CreatedToken> {
    return this.server.createToken({ name: `New ${this.mark}`, moduleIds: [this.ids.module], ...input }, this.admin);
  }
}

/** As the worker adds it. */
async function addDelivery({ app, clock }: TestServer, name: TenantName, webhookId: string): Promise<string> {
  const id = randomBytes(12).toString("hex");
  await app.dataSource.manager.insert(WebhookDeliveryEntity, {
    id,
    webhookId,
    messageId: `AUD${accounts[name].slice(3)}-1`,
    sequence: 1,
    event: "api_token.disabled",
    status: "FAILED",
    attempts: 12,
    createdAt: clock.now(),
    nextAttemptAt: null,
    lastAttemptAt: clock.now(),
    responseStatus: 500,
    response: "Answer 500",
  });
  return id;
}

const sharedView = (mark: string) => ({ list: "API_TOKENS", name: `View ${mark}`, query: `q=${mark}`, shared: true });

const orderFields = [
  "NAME",
  "ID",
  "STATUS",
  "CREATED_BY",
  "CREATED_AT",
  "LAST_ACCESS_AT",
  "EXPIRES_AT",
  "MODULE_COUNT",
];

/** Every list in every order, without the closing parenthesis, so that arguments can be added. */
export const lists = [
  ...orderFields.flatMap((field) =>
    ["ASC", "DESC"].map((direction) => `apiTokens(orderBy: { field: ${field}, direction: ${direction} }`),
  ),
  "auditTrail(filter: {}",
];

async function cursorsOf(admin: Client, id: string): Promise<Record<string, string>> {
  const cursors: Record<string, string> = {};
  for (const list of lists) {
    const page = await admin.data(`{ list: ${list}, first: 2) { pageInfo { endCursor } } }`);
    cursors[list] = page.list.pageInfo.endCursor;
  }
  const document = "query ($id: ID!) { apiToken(id: $id) { auditTrail(first: 1) { pageInfo { endCursor } } } }";
  const { apiToken } = await admin.data(document, { id });
  return { ...cursors, "a token's trail": apiToken.auditTrail.pageInfo.endCursor };
}

async function signIn(server: TestServer, person: Person, headers: Record<string, string> = {}): Promise<Client> {
  const client = server.nobody().with(headers);
  const { userErrors } = await client.mutate("signIn", { email: people[person].email, password: passwordOf(person) });
  if (userErrors.length > 0) throw new Error(`${person} cannot sign in: ${JSON.stringify(userErrors)}`);
  return client;
}

/** A caller, their current account, and one that is hidden from them there. */
export interface Caller {
  client: Client;
  own: Tenant;
  other: Tenant;
}

export const callerNames = [
  "nobody",
  "admin",
  "auditor",
  /** An administrator of the client and auditor of the vendor, in the client's account. */
  "consultant",
  /** The same person in the vendor's account. */
  "visitor",
  "tokenWithAccess",
  "tokenWithAudit",
  "tokenWithBoth",
  "tokenWithNeither",
  "operator",
] as const;
export type CallerName = (typeof callerNames)[number];

/** Callers with a role in the other account. */
export const inBoth: readonly CallerName[] = ["consultant", "visitor"];

/** Adds the operator's account last, because its trail would record the creation of the others. */
async function applyMarkedPlatform(server: TestServer): Promise<void> {
  const platform = markedPlatform();
  await server.apply({
    ...platform,
    accounts: platform.accounts.filter(({ id }) => id !== accounts.operations),
    users: platform.users.filter(({ roles }) => !roles[accounts.operations]),
  });
  await server.apply(platform);
}

export interface World {
  tenants: Record<TenantName, Tenant>;
  callers: Record<CallerName, Caller>;
  /** A caller with a new session, which may be ended. */
  newCaller(name: CallerName): Promise<Caller>;
}

/** Needs a server without a platform. */
export async function createWorld(server: TestServer): Promise<World> {
  await applyMarkedPlatform(server);
  const [client, vendor, operations] = await Promise.all(names.map((name) => Tenant.create(server, name)));
  if (!client || !vendor || !operations) throw new Error("A tenant is missing.");
  const program = async (...moduleIds: string[]) => {
    const { value } = await client.createToken({ moduleIds: [...moduleIds, client.ids.module] });
    return server.program(value);
  };
  const programs = {
    tokenWithAccess: await program(modules.accessManagement),
    tokenWithAudit: await program(modules.audit),
    tokenWithBoth: await program(modules.accessManagement, modules.audit),
    tokenWithNeither: await program(),
  };
  const inAccount = async (person: Person, accountId: string) => {
    const session = await signIn(server, person);
    if (person === "consultant") await session.mutate("switchAccount", { accountId });
    return session;
  };
  const atClient = (session: Client): Caller => ({ client: session, own: client, other: vendor });
  const newCaller = async (name: CallerName): Promise<Caller> => {
    if (name in programs) return atClient(programs[name as keyof typeof programs]);
    if (name === "nobody") return atClient(server.nobody());
    if (name === "visitor")
      return { client: await inAccount("consultant", accounts.vendor), own: vendor, other: client };
    if (name === "operator")
      return { client: await inAccount("operator", accounts.operations), own: operations, other: client };
    return atClient(await inAccount(name as "admin" | "auditor" | "consultant", accounts.client));
  };
  const callers: Partial<World["callers"]> = {};
  for (const name of callerNames) callers[name] = await newCaller(name);
  return { tenants: { client, vendor, operations }, callers: callers as World["callers"], newCaller };
}
