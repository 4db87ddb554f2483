import { eventually } from "./support/eventually";
import { addToken, people, startHallpass } from "./support/hallpass";
import { act, addressOf, list } from "./support/pages";

const app = startHallpass();
const trail = "/settings/audit-trail";

describe("The audit trail", () => {
  it("tells who did what from where, with the whole record at an address that can be sent", async () => {
    const page = await app.open("/sign-in", { as: people.sarah });
    const { id } = await addToken(page, "Audited", ["MOD-1310"]);
    await page.goto(list);
    await act(page, "Audited", "Disable");
    await page.getByRole("link", { name: "Audit trail" }).click();

    const row = page.getByRole("row", { name: /Audited.*disabled/i });
    await row.getByRole("cell", { name: "API token", exact: true }).waitFor();
    await row.getByRole("cell", { name: /Sarah Sanderson/ }).waitFor();
    await row.getByRole("cell", { name: /127\.0\.0\.1.*Chrome/s }).waitFor();
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

    const sent = await app.open(addressOf(page), { as: people.sarah, fresh: true });
    await sent
      .getByRole("dialog", { name: /^Record \d+/ })
      .getByText("(api_token.disabled)")
      .waitFor();

    await page.keyboard.press("Escape");
    await eventually(() => addressOf(page), trail);
  });

  it("is narrowed to one kind of event, and paged", async () => {
    const page = await app.open(`${trail}?filter=event.anyOf(api_token.deleted)`, { as: people.sarah });
    await page.getByText("1-1 of 1 row").waitFor();
    await page.getByRole("row", { name: /Warehouse scanner/ }).waitFor();
    await page.goto(`${trail}?rows=5`);
    await page.getByRole("textbox", { name: "Page" }).fill("2");
    await page.keyboard.press("Enter");
    await page.getByText(/^6-10 of \d+ rows$/).waitFor();
  });

  it("of one token stands on its page, for an auditor too", async () => {
    const page = await app.open(list, { as: people.reto });
    await page.getByRole("link", { name: "Support bridge" }).click();
    await page.getByRole("tab", { name: "Audit trail" }).click();
    const row = page.getByRole("row", { name: /disabled/i });
    await row.getByRole("cell", { name: /Sarah Sanderson/ }).waitFor();
    await row.getByRole("link", { name: /^View details/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Copy record" }).waitFor();
  });
});
