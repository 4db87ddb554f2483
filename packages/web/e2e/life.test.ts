import { eventually } from "./support/eventually";
import { addToken, people, startHallpass } from "./support/hallpass";
import { act, list, rowOf } from "./support/pages";
import { authorize, createToken, curl, query } from "./support/program";

const app = startHallpass();
const catalogue = "MOD-1310";
const accessManagement = "MOD-1255";

/** A fresh token, in the list of someone who may change it. */
async function withToken(name: string, moduleIds = [catalogue]) {
  const page = await app.open("/sign-in", { as: people.sarah });
  const token = await addToken(page, name, moduleIds);
  await page.goto(list);
  await rowOf(page, name).waitFor();
  return { page, token, row: rowOf(page, name) };
}

describe("A program", () => {
  it("asks GraphQL with the value, and sees the account's tokens", async () => {
    const { token } = await withToken("Dashboard", [accessManagement]);
    const answer = await query(app.server.url, token.value, "{ apiTokens(first: 100) { nodes { name } } }");
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body).data.apiTokens.nodes).toContainEqual({ name: "Dashboard" });
  });

  it("passes the gateway's check for its modules alone", async () => {
    const { token } = await withToken("Reader");
    expect(await authorize(app.server.url, token.value, `?module=${catalogue}`)).toBe(200);
    const refused = await curl(
      `${app.server.url}/authorize?module=MOD-1330`,
      "--header",
      `Authorization: Bearer ${token.value}`,
    );
    expect(refused.status).toBe(403);
    expect(refused.headers).toContain("insufficient_scope");
  });

  it("is refused without a good value, and told how to ask", async () => {
    const { token } = await withToken("Mistyped");
    const wrong = `${token.value.slice(0, -1)}${token.value.endsWith("0") ? "1" : "0"}`;
    expect(await authorize(app.server.url, wrong)).toBe(401);
    expect((await query(app.server.url, wrong, "{ viewer { role } }")).status).toBe(401);
    expect((await curl(`${app.server.url}/authorize`)).headers).toMatch(/www-authenticate: Bearer/i);
  });

  it("that used its value is seen in the list and on the token's page", async () => {
    const { page, token, row } = await withToken("Seen");
    await row.getByRole("cell", { name: "Never" }).waitFor();
    expect(await authorize(app.server.url, token.value)).toBe(200);
    await eventually(async () => {
      await page.getByRole("button", { name: "Refresh" }).click();
      return row.getByRole("cell", { name: "Never" }).count();
    }, 0);
    await page.getByRole("link", { name: "Seen" }).click();
    await page.getByRole("heading", { name: "Seen", level: 1 }).waitFor();
    expect(await page.getByText("Never used").count()).toBe(0);
    await page.getByRole("tab", { name: "Details" }).click();
    await page.getByRole("row", { name: /^Last access(?! Never)/ }).waitFor();
  });
});

describe("An administrator", () => {
  it("disables a token together with those it created, whose values are refused from that moment", async () => {
    const { page, token, row } = await withToken("Integration hub", [accessManagement, catalogue]);
    const child = await createToken(app.server.url, token.value, "Created by the hub", catalogue);
    expect(await authorize(app.server.url, child)).toBe(200);
    await row.getByRole("button", { name: "Actions for Integration hub" }).click();
    await page.getByRole("menuitem", { name: "Disable" }).click();
    const question = page.getByRole("dialog", { name: "Disable Integration hub?" });
    await question.getByRole("checkbox", { name: "Also disable the active token it created" }).check();
    await question.getByRole("button", { name: "Disable" }).click();
    await page.getByText("Integration hub is disabled. 1 token it created is disabled too.").waitFor();
    expect(await authorize(app.server.url, child)).toBe(401);
    await page.getByRole("button", { name: "Refresh" }).click();
    await rowOf(page, "Created by the hub").getByText("Disabled").waitFor();
  });

  it("edits a token, and the list shows it at once", async () => {
    const { page, token, row } = await withToken("Before");
    await row.getByRole("button", { name: "Actions for Before" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.getByLabel("API token name").fill("After");
    const dialog = page.getByRole("dialog", { name: "Edit API token" });
    await dialog.getByRole("button", { name: "Next" }).click();
    await page.getByRole("checkbox", { name: /^Billing/ }).check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("After is saved.").waitFor();
    await rowOf(page, "After").getByRole("cell", { name: "2 modules" }).waitFor();
    expect(await authorize(app.server.url, token.value, "?module=MOD-1330")).toBe(200);
  });

  it("disables a token, and its value is refused from that moment", async () => {
    const { page, token, row } = await withToken("Switched off");
    expect(await authorize(app.server.url, token.value)).toBe(200);
    await act(page, "Switched off", "Disable");
    expect(await authorize(app.server.url, token.value)).toBe(401);
    expect((await query(app.server.url, token.value, "{ viewer { role } }")).status).toBe(401);
    await row.getByRole("cell", { name: "Disabled" }).waitFor();
    await row.getByRole("button", { name: "Actions for Switched off" }).click();
    await page.getByRole("menuitem", { name: "Enable" }).waitFor();
    expect(await page.getByRole("menuitem", { name: "Disable" }).count()).toBe(0);
  });

  it("enables it again, and the same value is accepted from that moment", async () => {
    const { page, token, row } = await withToken("On again");
    await act(page, "On again", "Disable");
    await act(page, "On again", "Enable");
    expect(await authorize(app.server.url, token.value)).toBe(200);
    await row.getByRole("cell", { name: "Active" }).waitFor();
  });

  it("deletes a token from its page, and it is gone for good", async () => {
    const { page, token } = await withToken("Gone");
    await page.getByRole("link", { name: "Gone" }).click();
    await page.getByRole("button", { name: "Actions for Gone" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const question = page.getByRole("dialog", { name: "Delete Gone?" });
    await question.getByText("You can’t restore a deleted token.").waitFor();
    await question.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Gone is deleted.").waitFor();
    expect(await authorize(app.server.url, token.value)).toBe(401);
    await page.getByRole("heading", { name: "API tokens", level: 1 }).waitFor();
    await eventually(() => rowOf(page, "Gone").count(), 0);
    await page.goto(`${list}/${token.id}`);
    await page.getByText("API token not found").waitFor();
  });

  it("changes their mind at the question, and nothing has happened", async () => {
    const { page, token, row } = await withToken("Spared");
    await row.getByRole("button", { name: "Actions for Spared" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await eventually(() => page.getByRole("dialog").count(), 0);
    await row.getByRole("cell", { name: "Active" }).waitFor();
    expect(await authorize(app.server.url, token.value)).toBe(200);
  });
});
