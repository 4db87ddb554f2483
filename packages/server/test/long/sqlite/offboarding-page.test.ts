import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { type Platform, readPlatformFile } from "../../../src/features/platform/platform-file.js";
import type { Client, Data } from "../../support/client.js";
import { TestServer } from "../../support/test-server.js";

const root = join(__dirname, "../../../../..");
const page = readFileSync(join(root, "docs/offboarding.md"), "utf8");
const andy = "USR-1234-1240";

describe("Page “When someone leaves”", () => {
  let server: TestServer;
  let platform: Platform;
  let folder: string;
  let sarah: Client;

  const signIn = async (email: string): Promise<Client> => {
    const client = server.nobody();
    await client.mutate("signIn", { email, password: "hallpass-demo" });
    return client;
  };

  beforeAll(async () => {
    platform = readPlatformFile(join(root, "packages/server/demo/platform.yaml"));
    server = await TestServer.start({ platform });
    folder = mkdtempSync(join(tmpdir(), "hallpass-test-"));
    symlinkSync(join(root, "packages"), join(folder, "packages"));
    sarah = await signIn("sarah@northwind.example");
    await sarah.mutate("switchAccount", { accountId: "ACC-0001-0002" });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await server.close();
  });

  /** The section's blocks in a language, unchanged except for the token's ID. */
  function blocks(section: string, language: string, tokenId = ""): string[] {
    const [, text = ""] = page.split(`\n## ${section}`);
    const [own = ""] = text.split("\n## ");
    return [...own.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))].map(([, block = ""]) =>
      block.replaceAll("TKN-1234-5678", tokenId),
    );
  }

  /** Runs the commands in the project's folder. */
  async function runAll(commands: string[]): Promise<string[]> {
    const env = { ...server.database.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
    const printed: string[] = [];
    for (const command of commands.flatMap((block) => block.trim().split("\n")))
      printed.push((await promisify(execFile)("sh", ["-c", command], { cwd: folder, env })).stdout);
    return printed;
  }

  async function ask(document = ""): Promise<Data> {
    const { data, errors } = await sarah.ask(document);
    expect(errors ?? []).toEqual([]);
    return data;
  }

  const check = async (value: string) => (await server.program(value).fetch("/authorize")).status;

  test("The steps end the person’s access, find the tokens they created or revealed, and revoke those values", async () => {
    const him = await signIn("andy@northwind.example");
    const own = await server.createToken({ name: "His own", moduleIds: ["MOD-1310"] }, him);
    const seen = await server.createToken({ name: "Revealed", moduleIds: ["MOD-1310"] }, sarah);
    const unseen = await server.createToken({ name: "Unseen", moduleIds: ["MOD-1310"] }, sarah);
    await him.mutate("revealApiToken", { id: seen.id, purpose: "COPY" });

    writeFileSync(
      join(folder, "platform.yaml"),
      stringify({ ...platform, users: platform.users.filter(({ id }) => id !== andy) }),
    );
    const [trial, done, ...others] = await runAll(blocks("1.", "sh"));
    expect(done).toBe(`user ${andy} no longer has a role in ACC-0001-0002\nuser ${andy} removed: Andy Anderson\n`);
    expect([trial, others]).toEqual([done, []]);
    expect((await him.data("{ viewer { role } }")).viewer).toBeNull();

    const [created] = blocks("2.", "graphql");
    expect((await ask(created)).apiTokens).toMatchObject({ totalCount: 1, nodes: [{ id: own.id, name: "His own" }] });
    const [shown] = blocks("3.", "graphql");
    expect((await ask(shown)).auditTrail.nodes.map(({ event, objectId }: Data) => [event, objectId])).toEqual([
      ["api_token.revealed", seen.id],
      ["api_token.created", own.id],
    ]);

    const [rotateNow] = blocks("4.", "graphql", own.id);
    const { rotateApiToken } = await ask(rotateNow);
    expect([await check(own.value), await check(rotateApiToken.value)]).toEqual([401, 200]);

    const [, rotate, endNow] = blocks("4.", "graphql", seen.id);
    const { rotateApiToken: overlapping } = await ask(rotate);
    expect([await check(seen.value), await check(overlapping.value)]).toEqual([200, 200]);
    expect((await ask(endNow)).endApiTokenRotation.userErrors).toEqual([]);
    expect([await check(seen.value), await check(overlapping.value)]).toEqual([401, 200]);

    expect(await runAll(blocks("4.", "sh", unseen.id))).toEqual([`${unseen.id} is disabled.\n`]);

    for (const [id, newest] of [
      [own.id, "api_token.rotated"],
      [seen.id, "api_token.rotation_ended"],
      [unseen.id, "api_token.disabled"],
    ]) {
      const [last] = (await ask(blocks("5.", "graphql", id)[0])).auditTrail.nodes;
      expect(last.event).toBe(newest);
      expect(last.actor?.id).not.toBe(andy);
    }
  });
});
