import type { AppContext } from "../context/app-context.js";
import type { CallContext } from "../context/request-context.js";
import { AccountEntity } from "../features/accounts/account.entity.js";
import { deleteApiToken, disableApiToken, enableApiToken } from "../features/api-tokens/changes/change-status.js";
import { createApiToken } from "../features/api-tokens/changes/create-api-token.js";
import { revealApiToken } from "../features/api-tokens/changes/reveal-api-token.js";
import { updateApiToken } from "../features/api-tokens/changes/update-api-token.js";
import { SessionEntity } from "../features/sessions/session.entity.js";
import { MembershipEntity, UserEntity } from "../features/users/user.entity.js";

const northwind = "ACC-0001-0002";
const fabrikam = "ACC-0001-0003";
const operations = "ACC-0000-0001";
const sarah = "USR-1234-1210";
const andy = "USR-1234-1240";
const mina = "USR-2210-0031";
const olga = "USR-9000-0001";

/** An action on a sample token after it was added, and how many days ago. */
type Step = ["disable" | "enable" | "delete" | "reveal" | "describe" | "use", number];

interface Sample {
  account: string;
  by: string;
  name: string;
  description?: string | null;
  modules: string[];
  /** Days ago. */
  added: number;
  steps: Step[];
  expiresInDays?: number;
}

const samples: Sample[] = [
  {
    account: northwind,
    by: sarah,
    name: "Partner dashboard",
    description: "The overview that our partners see. Owned by the web team.",
    modules: ["MOD-1255", "MOD-1290", "MOD-1320"],
    added: 211,
    steps: [
      ["reveal", 211],
      ["use", 0.01],
    ],
  },
  {
    account: northwind,
    by: sarah,
    name: "Robot 1",
    modules: ["MOD-1310"],
    added: 588,
    steps: [
      ["reveal", 588],
      ["use", 0.2],
    ],
  },
  {
    account: northwind,
    by: sarah,
    name: "Robot 2",
    modules: ["MOD-1330"],
    added: 499,
    steps: [
      ["describe", 320],
      ["use", 1.4],
    ],
  },
  {
    account: northwind,
    by: andy,
    name: "Robot 3",
    modules: ["MOD-1310", "MOD-1320", "MOD-1330"],
    added: 301,
    steps: [
      ["reveal", 300],
      ["use", 3.1],
    ],
  },
  {
    account: northwind,
    by: andy,
    name: "Nightly invoice export",
    description: "Pulls invoices into the ledger at 02:00.",
    modules: ["MOD-1330"],
    added: 188,
    steps: [["use", 0.4]],
    expiresInDays: 19,
  },
  {
    account: northwind,
    by: andy,
    name: "Order sync",
    description: "Keeps orders in step with the warehouse.",
    modules: ["MOD-1320"],
    added: 142,
    steps: [
      ["disable", 60],
      ["enable", 59],
      ["use", 0.02],
    ],
  },
  {
    account: northwind,
    by: sarah,
    name: "Catalogue import (old)",
    modules: ["MOD-1310"],
    added: 402,
    steps: [
      ["use", 131],
      ["disable", 128],
    ],
  },
  {
    account: northwind,
    by: sarah,
    name: "Contractor laptop",
    description: "Disabled until the contract is renewed.",
    modules: ["MOD-1310", "MOD-1350"],
    added: 96,
    steps: [
      ["use", 41],
      ["disable", 40],
    ],
  },
  { account: northwind, by: andy, name: "Load test", modules: ["MOD-1320"], added: 77, steps: [] },
  {
    account: northwind,
    by: andy,
    name: "Reporting pilot",
    modules: ["MOD-1350"],
    added: 12,
    steps: [],
    expiresInDays: 78,
  },
  {
    account: northwind,
    by: sarah,
    name: "Access review",
    description: "Reviews once a quarter who has access to what.",
    modules: ["MOD-1255", "MOD-1290"],
    added: 33,
    steps: [["use", 29]],
  },
  {
    account: northwind,
    by: sarah,
    name: "Warehouse scanner",
    modules: ["MOD-1320"],
    added: 640,
    steps: [
      ["use", 260],
      ["disable", 255],
      ["delete", 250],
    ],
  },
  {
    account: fabrikam,
    by: mina,
    name: "Fulfilment service",
    description: "Confirms orders and ships licences.",
    modules: ["MOD-1310", "MOD-1320"],
    added: 270,
    steps: [
      ["reveal", 270],
      ["use", 0.05],
    ],
  },
  { account: fabrikam, by: mina, name: "Price list upload", modules: ["MOD-1310"], added: 120, steps: [["use", 8]] },
  { account: fabrikam, by: sarah, name: "Support bridge", modules: ["MOD-1340"], added: 45, steps: [["disable", 10]] },
  {
    account: operations,
    by: olga,
    name: "API gateway",
    description: "Checks tokens for the platform’s services.",
    modules: ["MOD-1299"],
    added: 365,
    steps: [["use", 0.001]],
  },
  {
    account: operations,
    by: olga,
    name: "Gateway of the old region",
    modules: ["MOD-1299"],
    added: 700,
    steps: [
      ["use", 390],
      ["delete", 380],
    ],
  },
];

const sampleOrigin = { ip: "198.51.100.23", userAgent: "partner-sync/2.4" };
const dayMs = 86_400_000;

/** Replays the sample tokens' histories in chronological order, through the same functions as requests. */
export async function addSampleTokens(app: AppContext): Promise<void> {
  const entered = { userId: sarah, accountId: northwind };
  await app.dataSource.manager.update(MembershipEntity, entered, { enteredAt: new Date() });
  const ids = new Map<Sample, string>();
  const moments = samples
    .flatMap((sample, index) =>
      [["add", sample.added] as const, ...sample.steps].map(([step, daysAgo], stepIndex) => ({
        sample,
        step,
        at: momentOf(daysAgo, index, stepIndex),
      })),
    )
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  for (const { sample, step, at } of moments) {
    const context = await contextAt(app, sample, at);
    if (step === "add") ids.set(sample, await add(context, sample));
    else await take(context, ids.get(sample) ?? "", step, at);
  }
  await app.dataSource.manager.delete(SessionEntity, { id: sampleSessionId });
}

/** Matches no cookie: real session IDs are SHA-256 digests. */
const sampleSessionId = "sample";

/** Changes need a session that is valid at their time. */
async function sampleSession(
  { dataSource }: AppContext,
  { account, by }: Pick<Sample, "account" | "by">,
  at: Date,
): Promise<string> {
  await dataSource.manager.save(SessionEntity, {
    id: sampleSessionId,
    userId: by,
    accountId: account,
    createdAt: at,
    lastSeenAt: at,
    expiresAt: new Date(at.getTime() + dayMs),
  });
  return sampleSessionId;
}

/** This many days ago, moved to office hours. Times less than 2 days ago stay exact. */
function momentOf(daysAgo: number, index: number, stepIndex: number): Date {
  const at = new Date(Date.now() - daysAgo * dayMs);
  if (daysAgo >= 2) at.setUTCHours(8 + ((index * 5) % 9), (index * 17 + stepIndex) % 60, (index * 29) % 60);
  return at;
}

/** The context of a change the person makes at that time. */
async function contextAt(app: AppContext, { account, by }: Sample, at: Date): Promise<CallContext> {
  const { manager } = app.dataSource;
  const user = await manager.findOneByOrFail(UserEntity, { id: by });
  const { role } = await manager.findOneByOrFail(MembershipEntity, { userId: by, accountId: account });
  return {
    app: { ...app, now: () => at },
    caller: {
      kind: "person",
      id: by,
      name: user.name,
      role,
      account: await manager.findOneByOrFail(AccountEntity, { id: account }),
      sessionId: await sampleSession(app, { account, by }, at),
    },
    origin: {
      ip: "192.0.2.41",
      userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
      requestId: null,
    },
  };
}

async function add(
  context: CallContext,
  { name, description = null, modules, expiresInDays }: Sample,
): Promise<string> {
  const expiresAt = expiresInDays === undefined ? null : new Date(Date.now() + expiresInDays * dayMs);
  const { token } = await createApiToken(context, { name, description, moduleIds: modules, expiresAt });
  return token.id;
}

async function take(context: CallContext, id: string, step: Step[0], at: Date): Promise<unknown> {
  switch (step) {
    case "disable":
      return disableApiToken(context, id);
    case "enable":
      return enableApiToken(context, id);
    case "delete":
      return deleteApiToken(context, id);
    case "reveal":
      return revealApiToken(context, id, "COPY");
    case "describe":
      return updateApiToken(context, { id, description: "Reads the monthly statements." });
    case "use":
      return use(context.app, id, at);
  }
}

const daysOfUsage = 60;

/** The usage of a program that ran on every working day until `last`, and was denied now and then. */
function use({ usage }: AppContext, id: string, last: Date): void {
  const habit = Number(id.slice(-2)) + 20;
  for (let daysBefore = daysOfUsage; daysBefore > 0; daysBefore--) {
    const at = last.getTime() - daysBefore * dayMs;
    const isWeekend = [0, 6].includes(new Date(at).getUTCDay());
    const calls = isWeekend ? 0 : habit + ((daysBefore * 37 + habit * 11) % 40);
    for (let call = 0; call < calls; call++) usage.allowed({ tokenId: id, digest: null }, at, sampleOrigin);
    if ((daysBefore * 7 + habit) % 17 === 0) usage.denied(id, at);
  }
  usage.allowed({ tokenId: id, digest: null }, last.getTime(), sampleOrigin);
}
