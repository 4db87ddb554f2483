import { eventually } from "./support/eventually";
import { addToken, people, startHallpass } from "./support/hallpass";
import { act, list, rowOf } from "./support/pages";
import { authorize, createToken, curl, query } from "./support/program";

const app = startHallpass();
const catalogue = "MOD-1310";
const accessManagement = "MOD-1255";

/** Adds a token and opens the list as an administrator. */
async function withToken(name: string, moduleIds = [catalogue]) {
  const page = await app.open("/sign-in", { as: people.sarah });
  const token = await addToken(page, name, moduleIds);
  await page.goto(list);
  await rowOf(page, name).waitFor();
  return { page, token, row: rowOf(page, name) };
}

/** Whether the whole element is in view. Runs in the page. */
function isInView(element: Element): boolean {
  const { left, bottom } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(left + 2, bottom - 2));
}

describe("Token use", () => {
  test("A program can query the account’s tokens with its token", async () => {
    const { token } = await withToken("Dashboard", [accessManagement]);
    const answer = await query(app.server.url, token.value, "{ apiTokens(first: 100) { nodes { name } } }");
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body).data.apiTokens.nodes).toContainEqual({ name: "Dashboard" });
  });

  test("A token is allowed only for its own modules", async () => {
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

  test("An invalid value is denied, and a missing one returns a WWW-Authenticate header", async () => {
    const { token } = await withToken("Mistyped");
    const wrong = `${token.value.slice(0, -1)}${token.value.endsWith("0") ? "1" : "0"}`;
    expect(await authorize(app.server.url, wrong)).toBe(401);
    expect((await query(app.server.url, wrong, "{ viewer { role } }")).status).toBe(401);
    expect((await curl(`${app.server.url}/authorize`)).headers).toMatch(/www-authenticate: Bearer/i);
  });

  test("Using a token updates its last access in the list and on its page", async () => {
    const { page, token, row } = await withToken("Seen");
    await row.getByRole("gridcell", { name: "Never" }).waitFor();
    expect(await authorize(app.server.url, token.value)).toBe(200);
    await eventually(async () => {
      await page.getByRole("button", { name: "Refresh" }).click();
      return row.getByRole("gridcell", { name: "Never" }).count();
    }, 0);
    await page.getByRole("link", { name: "Seen" }).click();
    await page.getByRole("heading", { name: "Seen", level: 1 }).waitFor();
    expect(await page.getByText("Never used").count()).toBe(0);
    await page.getByRole("tab", { name: "Details" }).click();
    await page.getByRole("row", { name: /^Last access(?! Never)/ }).waitFor();
  });
});

describe("Token management", () => {
  test("Disabling a token with its descendants denies their values immediately", async () => {
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

  test("Editing a token immediately updates the list and the modules it can access", async () => {
    const { page, token, row } = await withToken("Before");
    await row.getByRole("button", { name: "Actions for Before" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    await page.getByLabel("API token name").fill("After");
    const dialog = page.getByRole("dialog", { name: "Edit API token" });
    await dialog.getByRole("button", { name: "Next" }).click();
    await page.getByRole("checkbox", { name: /^Billing/ }).check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("After is saved.").waitFor();
    await rowOf(page, "After").getByRole("gridcell", { name: "2 modules" }).waitFor();
    expect(await authorize(app.server.url, token.value, "?module=MOD-1330")).toBe(200);
  });

  test("A token with allowed IP addresses and a rate limit is denied elsewhere and beyond it", async () => {
    const page = await app.open(`${list}/add`, { as: people.sarah });
    const dialog = page.getByRole("dialog", { name: "Add API token" });
    await page.getByLabel("API token name").fill("Restricted");
    await page.getByLabel("Allowed IP addresses").fill("10.1.2.3/8\n203.0.113.0/24");
    await page.getByLabel("Rate limit").fill("2");
    await page.getByLabel("Requests").selectOption("per hour");
    await dialog.getByRole("button", { name: "Next" }).click();
    await page.getByRole("checkbox", { name: /^Catalogue/ }).check();
    await dialog.getByRole("button", { name: "Next" }).click();
    await dialog.getByText("2 requests per hour").waitFor();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    // The server’s error is in view at its field, which has the focus.
    const error = dialog.getByText("'10.1.2.3/8' is not the start of a range. Did you mean 10.0.0.0/8?");
    await error.waitFor();
    expect(await page.getByLabel("Allowed IP addresses").evaluate((field) => field === document.activeElement)).toBe(
      true,
    );
    expect(await error.evaluate(isInView)).toBe(true);
    await page.getByLabel("Allowed IP addresses").fill("203.0.113.0/24");
    for (const name of ["Next", "Next", "Add"]) await dialog.getByRole("button", { name, exact: true }).click();
    await dialog.getByRole("button", { name: "Show API token" }).click();
    const value = (await dialog.getByText(/^hp_\d{8}_[0-9A-Za-z]{38}$/).textContent()) ?? "";
    expect(await authorize(app.server.url, value)).toBe(403);

    await dialog.getByRole("link", { name: "View details" }).click();
    await page.getByText("203.0.113.0/24").waitFor();
    await page.getByText("2 requests per hour").waitFor();
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Allowed IP addresses").fill("");
    await page.getByRole("dialog", { name: "Edit API token" }).getByRole("button", { name: "Save" }).click();
    await page.getByText("Restricted is saved.").waitFor();
    const statuses: number[] = [];
    while (statuses.length < 3) statuses.push(await authorize(app.server.url, value));
    expect(statuses).toEqual([200, 200, 429]);
  });

  test("Disabling a token denies its value immediately", async () => {
    const { page, token, row } = await withToken("Switched off");
    expect(await authorize(app.server.url, token.value)).toBe(200);
    await act(page, "Switched off", "Disable");
    expect(await authorize(app.server.url, token.value)).toBe(401);
    expect((await query(app.server.url, token.value, "{ viewer { role } }")).status).toBe(401);
    await row.getByRole("gridcell", { name: "Disabled" }).waitFor();
    await row.getByRole("button", { name: "Actions for Switched off" }).click();
    await page.getByRole("menuitem", { name: "Enable" }).waitFor();
    expect(await page.getByRole("menuitem", { name: "Disable" }).count()).toBe(0);
  });

  test("Enabling a token immediately allows the same value again", async () => {
    const { page, token, row } = await withToken("On again");
    await act(page, "On again", "Disable");
    await act(page, "On again", "Enable");
    expect(await authorize(app.server.url, token.value)).toBe(200);
    await row.getByRole("gridcell", { name: "Active" }).waitFor();
  });

  test("Deleting a token from its page is permanent", async () => {
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

  test("Cancelling a deletion changes nothing", async () => {
    const { page, token, row } = await withToken("Spared");
    await row.getByRole("button", { name: "Actions for Spared" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await eventually(() => page.getByRole("dialog").count(), 0);
    await row.getByRole("gridcell", { name: "Active" }).waitFor();
    expect(await authorize(app.server.url, token.value)).toBe(200);
  });
});
