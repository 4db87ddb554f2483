#!/usr/bin/env node
import { createRequire } from "node:module";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { WithAppOptions } from "./commands/with-app.js";
import type { AppContext } from "./context/app-context.js";

// Libraries are slower, and say more, in development.
process.env.NODE_ENV ??= "production";

// Each command loads only what it needs, so that help and usage errors appear at once.
const load = {
  audit: () => import("./commands/audit.js"),
  demo: () => import("./commands/demo.js"),
  explain: () => import("./commands/explain-failure.js"),
  keys: () => import("./commands/keys.js"),
  migrate: () => import("./commands/migrate.js"),
  platform: () => import("./commands/platform.js"),
  users: () => import("./commands/users.js"),
  platformLists: () => import("./commands/platform-lists.js"),
  seed: () => import("./commands/seed.js"),
  serve: () => import("./commands/serve.js"),
  tokens: () => import("./commands/tokens.js"),
};

/** Runs a command's work on the configured database. */
async function withApp<T>(work: (app: AppContext) => Promise<T>, options?: WithAppOptions): Promise<T> {
  return (await import("./commands/with-app.js")).withApp(work, options);
}

// The database, its log and the keys are for the user that runs Hallpass, and no one else on the machine.
process.umask(0o077);

// On this signal, Node would open its inspector, through which every user of the machine could read values and run
// code.
process.on("SIGUSR1", () => {});

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };

const program = new Command("hallpass")
  .description("API tokens for a platform's accounts.")
  .version(version)
  .exitOverride();

program
  .command("serve")
  .description("serve the web app, the GraphQL API and the token check until SIGTERM")
  .addOption(
    new Option("--only <part>", "serve only token checks and introspection, or only the rest").choices([
      "checks",
      "app",
    ]),
  )
  .action(async (options: { only?: "checks" | "app" }) => {
    const { serve } = await load.serve();
    const { app, url } = await serve(process.env, options);
    // Supervisors and scripts wait for this line, so it is logged at every level except silent.
    const level = app.config.logLevel === "silent" ? "silent" : "info";
    app.logger.child({}, { level }).info({ url }, `Hallpass listens on ${url}`);
  });

program
  .command("migrate")
  .description("update the database schema. After a restore, also makes running processes reread everything")
  .action(async () => withApp((await load.migrate()).migrate, { mayCreate: true }));

program
  .command("apply")
  .argument("<file>", "platform file, YAML or JSON")
  .description("apply modules, accounts and people from a platform file")
  .option("--dry-run", "print what would change, and change nothing")
  .option("--prune", "remove people and modules and close accounts that the file does not list")
  .option("--force", "with --prune: even if it removes most people or accounts, or the last ADMIN of an account")
  .action(async (file: string, options: { dryRun?: boolean; prune?: boolean; force?: boolean }, command: Command) => {
    if (options.force && !options.prune) command.error("error: --force requires --prune");
    await (await load.platform()).applyFile(file, options);
  });

program
  .command("demo")
  .description("serve with sample data on the embedded database")
  .option("--allow-remote", "serve on a HOST others can reach, although the sample passwords are public")
  .action(async (options: { allowRemote?: boolean }) => (await load.demo()).demo(process.env, options));

program
  .command("seed")
  .description("add bulk data for benchmarks")
  .requiredOption("--accounts <n>", "accounts to add", wholeNumber)
  .requiredOption("--tokens <n>", "tokens to add to each account", wholeNumber)
  .action(async (options: { accounts: number; tokens: number }) => {
    const { seed, seedPassword } = await load.seed();
    for (const { accountId, email } of await withApp((app) => seed(app, options), { mayCreate: true }))
      console.log(`${accountId}: ${options.tokens} tokens; sign in as ${email} with '${seedPassword}'`);
  });

/** Of each command that prints a result. */
const json = ["--json", "print JSON"] as const;

program
  .command("accounts")
  .description("the platform's accounts")
  .command("list")
  .description("list open accounts: ID, type and name")
  .option(...json)
  .action(async (options: { json?: boolean }) => {
    const { listAccounts } = await load.platformLists();
    await withApp((app) => listAccounts(app, options));
  });

const users = program.command("users").description("the platform's people");

users
  .command("list")
  .description("list people with a role in an account: ID, role, email address and name")
  .requiredOption("--account <id>", "ACC-…")
  .option(...json)
  .action(async (options: { account: string; json?: boolean }) => {
    const { listUsers } = await load.platformLists();
    await withApp((app) => listUsers(app, options));
  });

users
  .command("set-password")
  .description("read a new password from standard input, set it, and sign the person out everywhere")
  .argument("<user>", "USR-… or email address")
  .action(async (user: string) => {
    const { setUserPassword } = await load.users();
    await withApp((app) => setUserPassword(app, user));
  });

users
  .command("end-sessions")
  .description("sign a person out everywhere")
  .argument("<user>", "USR-… or email address")
  .action(async (user: string) => {
    const { endUserSessions } = await load.users();
    await withApp((app) => endUserSessions(app, user));
  });

const tokens = program.command("tokens").description("show, add and change API tokens");

tokens
  .command("list")
  .description("list an account's tokens, newest first: ID, status, creation, expiry and name")
  .requiredOption("--account <id>", "account that owns the tokens, ACC-…")
  .option(...json)
  .action(async (options: { account: string; json?: boolean }) => {
    const { listTokens } = await load.tokens();
    await withApp((app) => listTokens(app, options));
  });

tokens
  .command("show")
  .description("show everything about a token but its value")
  .argument("<id>", "TKN-…")
  .option(...json)
  .action(async (id: string, options: { json?: boolean }) => {
    const { showToken } = await load.tokens();
    await withApp((app) => showToken(app, id, options));
  });

tokens
  .command("create")
  .description("add a token and print its value, once")
  .requiredOption("--account <id>", "account that owns the token, ACC-…")
  .requiredOption("--name <name>", "display name")
  .requiredOption("--module <id...>", "module to grant, MOD-…. Repeatable")
  .option("--description <text>", "what the token is for")
  .option(
    "--expires <when>",
    "a time such as 2027-01-31T12:00:00Z, or a number of days such as 90d. Never by default",
    expiry,
  )
  .option("--ip-range <cidr...>", "IP address or CIDR it can be used from. Repeatable. Anywhere by default")
  .option(...json)
  .action(async (options: Parameters<Awaited<ReturnType<typeof load.tokens>>["createToken"]>[1]) => {
    const { createToken } = await load.tokens();
    await withApp((app) => createToken(app, options));
  });

tokens
  .command("rotate")
  .description("give a token a new value and print it, once")
  .argument("<id>", "TKN-…")
  .option("--overlap <seconds>", "how long the current value stays valid, up to 604800", seconds, 86_400)
  .option(...json)
  .action(async (id: string, options: { overlap: number; json?: boolean }) => {
    const { rotateToken } = await load.tokens();
    await withApp((app) => rotateToken(app, id, options));
  });

for (const action of ["disable", "enable", "delete"] as const)
  tokens
    .command(action)
    .description(`${action} a token`)
    .argument("<id>", "TKN-…")
    .option(...json)
    .action(async (id: string, options: { json?: boolean }) => {
      const { changeTokenStatus } = await load.tokens();
      await withApp((app) => changeTokenStatus(app, action, id, options));
    });

program
  .command("keys")
  .description("encryption keys")
  .command("rotate")
  .description("re-encrypt every value and re-sign every audit head under the first key. Safe to interrupt and repeat")
  .action(async () => withApp((await load.keys()).rotateKeys));

const audit = program.command("audit").description("verify and sign the audit trail");

audit
  .command("head")
  .description("print each account's trail head and its signature, to save elsewhere")
  .option("--account <id>", "only this account, ACC-…")
  .action(async (options: { account?: string }) => {
    const { printAuditHeads } = await load.audit();
    await withApp((app) => printAuditHeads(app, options));
  });

audit
  .command("verify")
  .description(
    "recompute each account's hash chain. Exits with 1 if a record was altered or a head is not validly signed",
  )
  .option("--account <id>", "only this account, ACC-…")
  .option("--head <head...>", "a line saved from 'audit head', to detect truncation. Repeatable")
  .option("--heads-file <file>", "a file of such lines, e.g. HALLPASS_AUDIT_HEADS_FILE. Every line is compared")
  .option("--archive <folder>", "folder with files from 'audit archive', to also verify archived records")
  .action(async (options: { account?: string; head?: string[]; headsFile?: string; archive?: string }) => {
    const { verifyAuditTrails } = await load.audit();
    const isIntact = await withApp((app) => verifyAuditTrails(app, options));
    if (!isIntact) throw new Failure();
  });

audit
  .command("sign")
  .description("verify each account's hash chain, then sign the heads that are not validly signed")
  .option("--account <id>", "only this account, ACC-…")
  .action(async (options: { account?: string }) => {
    const { signAuditTrails } = await load.audit();
    const isIntact = await withApp((app) => signAuditTrails(app, options));
    if (!isIntact) throw new Failure();
  });

audit
  .command("archive")
  .description(
    "move old audit records to files that 'audit verify' can read, one per account and run. Safe to interrupt and repeat",
  )
  .requiredOption("--before <when>", "a time such as 2026-01-31, or an age in days such as 400d", pastTime)
  .requiredOption("--to <folder>", "folder for the files. It must exist")
  .option("--account <id>", "only this account, ACC-…")
  .action(async (options: { account?: string; before: Date; to: string }) => {
    const { archiveAuditTrails } = await load.audit();
    const isIntact = await withApp((app) => archiveAuditTrails(app, options));
    if (!isIntact) throw new Failure();
  });

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of at least 1.");
  return Number(text);
}

function seconds(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of seconds.");
  return Number(text);
}

/** A time, or a number of days from now on (1) or ago (-1). Null if it is neither. */
function parseTime(text: string, direction: 1 | -1): Date | null {
  const days = /^([1-9]\d{0,4})d$/.exec(text)?.[1];
  const at = days ? new Date(Date.now() + direction * Number(days) * 86_400_000) : new Date(text);
  return Number.isNaN(at.getTime()) || !(days || /^\d{4}-\d\d-\d\d/.test(text)) ? null : at;
}

function expiry(text: string): Date {
  const at = parseTime(text, 1);
  if (!at)
    throw new InvalidArgumentError("It must be a time such as 2027-01-31T12:00:00Z, or a number of days such as 90d.");
  return at;
}

function pastTime(text: string): Date {
  const at = parseTime(text, -1);
  if (!at || at.getTime() > Date.now())
    throw new InvalidArgumentError("It must be a past time such as 2026-01-31, or a number of days such as 400d.");
  return at;
}

/** The command has already printed the problem. */
class Failure extends Error {}

/** Returns the exit status: 0 on success, 1 on failure, 2 on a usage error. */
async function main(): Promise<number> {
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Failure)) console.error((await load.explain()).explainFailure(error));
    return 1;
  }
}

process.exitCode = await main();
