import { alterRecord, unsignHead } from "./support/alter-record";
import { eventually } from "./support/eventually";
import { addToken, people, startHallpass } from "./support/hallpass";
import { act, list, pathOf } from "./support/pages";

const app = startHallpass();
const trail = "/settings/audit-trail";

describe("Audit trail", () => {
  test("A record shows its event, actor and origin at a URL that can be shared", async () => {
    const page = await app.open("/sign-in", { as: people.sarah });
    const { id } = await addToken(page, "Audited", ["MOD-1310"]);
    await page.goto(list);
    await act(page, "Audited", "Disable");
    await page.getByRole("link", { name: "Audit trail" }).click();

    const row = page.getByRole("row", { name: /Audited.*disabled/i });
    await row.getByRole("gridcell", { name: "API token", exact: true }).waitFor();
    await row.getByRole("gridcell", { name: /Sarah Sanderson/ }).waitFor();
    await row.getByRole("gridcell", { name: /127\.0\.0\.1.*Chrome/s }).waitFor();
    await row.getByRole("link", { name: /^View details/ }).click();

    const record = page.getByRole("dialog", { name: /^Record \d+/ });
    await record.getByText("(api_token.disabled)").waitFor();
    await record.getByRole("button", { name: "Copy record" }).click();
    await record
      .getByRole("status")
      .filter({ hasText: /^Copied$/ })
      .waitFor();
    const json = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(json)).toEqual(expect.any(Object));
    expect(await record.textContent()).toContain(id);

    const sent = await app.open(pathOf(page), { as: people.sarah, fresh: true });
    await sent
      .getByRole("dialog", { name: /^Record \d+/ })
      .getByText("(api_token.disabled)")
      .waitFor();

    await page.keyboard.press("Escape");
    await eventually(() => pathOf(page), trail);
  });

  test("The trail can be filtered by event and paged", async () => {
    const page = await app.open(`${trail}?filter=event.anyOf(api_token.deleted)`, { as: people.sarah });
    await page.getByText("1-1 of 1 row").waitFor();
    await page.getByRole("row", { name: /Warehouse scanner/ }).waitFor();
    await page.goto(`${trail}?rows=5`);
    await page.getByRole("textbox", { name: "Page" }).fill("2");
    await page.keyboard.press("Enter");
    await page.getByText(/^6-10 of \d+ rows$/).waitFor();
  });

  test("An auditor sees a token’s audit trail on its page", async () => {
    const page = await app.open(list, { as: people.reto });
    await page.getByRole("link", { name: "Support bridge" }).click();
    await page.getByRole("tab", { name: "Audit trail" }).click();
    const row = page.getByRole("row", { name: /disabled/i });
    await row.getByRole("gridcell", { name: /Sarah Sanderson/ }).waitFor();
    await row.getByRole("link", { name: /^View details/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Copy record" }).waitFor();
  });

  test("The trail can be verified by keyboard, and a saved head detects truncation", async () => {
    const page = await app.open(trail, { as: people.sarah });
    const dialog = page.getByRole("dialog", { name: "Verify the audit trail" });
    await page.getByRole("button", { name: "Verify" }).press("Enter");
    await dialog.getByLabel(/Saved head/).press("Enter");
    const good = dialog.getByRole("group", { name: /^All \d+ records are intact$/ });
    await eventually(() => good.evaluate((element) => element === document.activeElement), true);
    await dialog.getByRole("button", { name: "Copy head" }).press("Enter");
    await dialog.getByText("Copied", { exact: true }).first().waitFor();
    const [accountId, sequence, hash] = (await page.evaluate(() => navigator.clipboard.readText())).split(" ");
    expect([accountId, hash]).toEqual(["ACC-0001-0002", expect.stringMatching(/^[0-9a-f]{64}$/)]);

    // An attacker who truncates the trail can also forge its head, but not a head saved elsewhere.
    await dialog.getByLabel(/Saved head/).fill(`${accountId} ${Number(sequence) + 5} ${hash}`);
    await page.keyboard.press("Enter");
    await dialog.getByText(`The saved head is at record ${Number(sequence) + 5}.`).waitFor();
    await page.keyboard.press("Escape");
    await eventually(() => page.evaluate(() => document.activeElement?.textContent), "Verify");
  });

  test("An unsigned trail head shows an alert and cannot be copied", async () => {
    const page = await app.open(trail, { as: people.sarah });
    unsignHead(app.server.dataDir, "ACC-0001-0002");
    await page.getByRole("button", { name: "Verify" }).click();
    const dialog = page.getByRole("dialog", { name: "Verify the audit trail" });
    await dialog.getByRole("button", { name: "Verify" }).click();
    await dialog.getByRole("alert", { name: "The trail head isn’t signed" }).waitFor();
    expect(await dialog.getByRole("button", { name: "Copy head" }).count()).toBe(0);
  });

  test("Verification of an altered trail reports the first altered record and opens it", async () => {
    const page = await app.open(trail, { as: people.sarah });
    alterRecord(app.server.dataDir, { account: "ACC-0001-0002", sequence: 7 });
    await page.getByRole("button", { name: "Verify" }).click();
    const dialog = page.getByRole("dialog", { name: "Verify the audit trail" });
    await dialog.getByRole("button", { name: "Verify" }).click();
    await dialog.getByRole("alert").getByText("Record 7 was altered, moved or added.").waitFor();
    await dialog.getByRole("link", { name: "View record 7" }).press("Enter");
    await page.getByRole("dialog", { name: "Record 7" }).getByText("Nothing happened").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Record 7" }).waitFor({ state: "detached" });
    await dialog.getByText("Record 7 was altered").waitFor();
  });

  test("An export ignores the filter, and an ended session shows its dialog on the page", async () => {
    const page = await app.open(`${trail}?filter=event.anyOf(api_token.deleted)`, { as: people.sarah, fresh: true });
    await page.getByText("1-1 of 1 row").waitFor();
    const exportAs = async (format: RegExp) => {
      await page.getByRole("button", { name: "Export", exact: true }).click();
      await page.getByRole("menuitem", { name: format }).click();
    };
    const [file] = await Promise.all([page.waitForEvent("download"), exportAs(/^JSON lines/)]);
    expect(file.suggestedFilename()).toBe("audit-trail-ACC-0001-0002.jsonl");
    const lines = Buffer.concat(await (await file.createReadStream()).toArray())
      .toString("utf8")
      .trimEnd()
      .split("\n");
    const records = lines.map((line) => JSON.parse(line));
    expect(records.map(({ sequence }) => sequence)).toEqual(lines.map((_, index) => index + 1));
    expect(records.at(-1)).toMatchObject({
      event: "audit_trail.exported",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await page.goto(trail);
    await page.getByRole("row", { name: /exported the audit trail/ }).waitFor();

    app.allowFault(/status of 401/);
    await page.context().clearCookies();
    await exportAs(/^CSV/);
    await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
    expect(pathOf(page)).toBe(trail);
  });
});
