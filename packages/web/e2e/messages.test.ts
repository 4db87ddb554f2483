import type { Page } from "playwright-core";
import { MailServer } from "../../server/test/support/mail-server";
import { Receiver } from "../../server/test/support/receiver";
import { eventually } from "./support/eventually";
import { addToken, people, startHallpass } from "./support/hallpass";
import { pathOf } from "./support/pages";

let receiver: Receiver;
let mail: MailServer;

beforeAll(async () => {
  [receiver, mail] = await Promise.all([Receiver.start(), MailServer.start()]);
});
const app = startHallpass(() => ({
  HALLPASS_WEBHOOK_PRIVATE_NETWORKS: "on",
  SMTP_URL: mail.url,
  SMTP_FROM: "hallpass@platform.example",
}));
afterAll(async () => {
  await Promise.all([receiver?.stop(), mail?.stop()]);
});

describe("Webhooks", () => {
  const card = (page: Page) => page.getByRole("region", { name: receiver.url });
  const deliveries = (page: Page) => card(page).getByRole("list", { name: "Deliveries" }).getByRole("listitem");
  /** In the order in which the receiver got them. */
  const idsReceived = () => receiver.received.map(({ headers }) => headers["webhook-id"]);

  test("A webhook is added and tested, and what its receiver refuses is sent again by hand, under the same ID", async () => {
    const page = await app.open("/settings/webhooks", { as: people.sarah });
    await page.getByRole("button", { name: "Add webhook" }).click();
    await page.getByLabel("URL").fill(receiver.url);
    await page.keyboard.press("Enter");
    await page.getByText(/^whsec_/).waitFor();
    await page.getByRole("button", { name: "Done" }).click();

    await card(page).getByRole("button", { name: "Send test" }).click();
    await page.getByText("answered with status 204.").waitFor();
    await deliveries(page).filter({ hasText: "Test" }).filter({ hasText: "Delivered" }).waitFor();

    receiver.next = [410];
    const { id } = await addToken(page, "Announced", ["MOD-1310"]);
    const created = deliveries(page).filter({ hasText: "API token created" });
    await created.filter({ hasText: "Failed" }).filter({ hasText: "Status 410: Answer 410" }).waitFor();
    await created.getByRole("button", { name: /^Send again: API token created, AUD-/ }).click();
    await created.filter({ hasText: "Delivered" }).waitFor();
    const [test, first, again] = idsReceived();
    expect(again).toBe(first);
    expect(test).not.toBe(first);
    expect(receiver.received.at(-1)?.message).toMatchObject({ type: "api_token.created", data: { object: { id } } });
  });

  test("A receiver that fails or hangs gets the event later, and meanwhile the page says so", async () => {
    const page = await app.open("/settings/webhooks", { as: people.sarah });
    receiver.received.length = 0;
    receiver.next = [503, "hang"];
    await addToken(page, "Announced late", ["MOD-1310"]);
    const late = deliveries(page).first();
    await late.filter({ hasText: "Pending" }).filter({ hasText: "Status 503: Answer 503, tried 1 time" }).waitFor();
    await late.filter({ hasText: "Pending" }).filter({ hasText: "tried 2 times" }).waitFor();
    await late.filter({ hasText: "Delivered" }).waitFor();
    expect(new Set(idsReceived()).size).toBe(1);
    expect(receiver.received).toHaveLength(3);
  });
});

describe("Emails", () => {
  test("The link in an email about a leak opens the disabled token, in its account", async () => {
    const page = await app.open("/settings/api-tokens", { as: people.sarah });
    const { id, name, value } = await addToken(page, "Found in a repository", ["MOD-1310"]);
    await page.request.post("/oauth2/revoke", { data: { tokens: [value] } });
    const emails = () =>
      mail.received.filter(({ recipients, text }) => recipients.includes(people.sarah) && text.includes(id));
    await eventually(() => emails().length, 1);
    const [link = ""] = /http:\/\/127\S+/.exec(emails()[0]?.text ?? "") ?? [];
    const other = await app.open(link, { as: people.sarah, fresh: true });
    await other.getByRole("heading", { name, level: 1 }).waitFor();
    await other.getByText("Disabled", { exact: true }).first().waitFor();
    expect(pathOf(other)).toMatch(`/settings/api-tokens/${id}`);
  });
});
