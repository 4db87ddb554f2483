import { accounts, modules, testPlatform } from "../support/platform.js";
import { applyPlatformFile, holdsWithinTheBound, runCommand } from "../support/programs.js";
import { useServer } from "../support/test-server.js";

describe("Changes by another process", () => {
  const server = useServer();
  const status = async (value: string, query = "") =>
    (await server().program(value).fetch(`/authorize${query}`)).status;
  const within = (value: string, wanted: number, query = "") => holdsWithinTheBound(() => status(value, query), wanted);

  test("A token disabled on the command line is denied within a second, and allowed within a second of being enabled", async () => {
    const { id, value } = await server().createToken();
    expect(await status(value)).toBe(200);
    await runCommand(server().database.env, "tokens", "disable", id);
    await within(value, 401);
    await runCommand(server().database.env, "tokens", "enable", id);
    await within(value, 200);
  });

  test("A module removed by a platform file is denied within a second until it is regranted", async () => {
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
