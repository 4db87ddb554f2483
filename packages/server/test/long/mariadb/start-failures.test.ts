import { runCommand } from "../../support/command-line.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";

jest.setTimeout(60_000);

describe("Failed starts", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.remove());

  test.each([
    ["the user or the password is wrong", { username: "root", password: "hunter2" }, "Access denied for user 'root'"],
    ["the database does not exist", { pathname: "/no_such_database" }, "Unknown database 'no_such_database'"],
    ["the host does not exist", { hostname: "no-such-host.invalid" }, "no-such-host.invalid"],
    ["nothing listens on the port", { port: "1" }, "ECONNREFUSED"],
  ])("A start exits with status 1 and a one-line explanation if %s", async (_what, changes, words) => {
    const url = Object.assign(new URL(database.env.DATABASE_URL ?? ""), changes);
    const settings = { ...database.env, DATABASE_URL: url.href, PORT: "0" };
    const { status, out, err } = await runCommand(["serve"], database.dataDir, settings);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(err).toMatch(/^The database [^\n]+\n$/);
    expect(err).toContain(words);
    expect(err).not.toContain("hunter2");
  });
});
