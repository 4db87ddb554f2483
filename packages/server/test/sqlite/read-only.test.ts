import { useServer } from "../support/test-server.js";

describe("Read-only embedded database", () => {
  const server = useServer();

  test("A read-only database degrades /readyz, answers checks and fails changes until it is writable", async () => {
    const admin = await server().as("admin");
    const { id, value } = await server().createToken();
    const ready = async () => (await server().nobody().fetch("/readyz")).json();
    await server().sql("PRAGMA query_only = 1");
    expect(await ready()).toMatchObject({ status: "degraded", database: "read-only" });
    expect((await server().program(value).fetch("/authorize")).status).toBe(200);
    await expect(admin.mutate("disableApiToken", { id })).rejects.toThrow("SERVICE_UNAVAILABLE");
    await server().sql("PRAGMA query_only = 0");
    expect((await admin.mutate("disableApiToken", { id })).userErrors).toEqual([]);
    expect(await ready()).toMatchObject({ database: "up" });
  });
});
