import { eventually } from "./support/eventually";
import { password, people, startHallpass } from "./support/hallpass";
import { list, pathOf } from "./support/pages";

const app = startHallpass();

/** A token in Fabrikam Cloud, the auditor’s first account. */
const name = "Fulfilment service";

describe("Sign-in", () => {
  test("A wrong password shows an error and keeps the email address", async () => {
    const page = await app.open("/sign-in");
    await page.getByLabel("Email").fill(people.sarah);
    await page.getByLabel("Password").fill("not hers");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("The email address or password is incorrect.").waitFor();
    expect(await page.getByLabel("Email").inputValue()).toBe(people.sarah);
    expect(pathOf(page)).toBe("/sign-in");
  });

  test("Signing in opens the URL first requested", async () => {
    const page = await app.open(`${list}?rows=5&sort=-name`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByLabel("Email").fill(people.sarah);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("1-5 of 11 rows").waitFor();
    expect(pathOf(page)).toBe(`${list}?rows=5&sort=-name`);
  });
});

describe("Sign-out", () => {
  test("Signing out ends the session, and neither Back nor the old URL shows any tokens", async () => {
    // The old URL asks for tokens before the app knows that no one is signed in.
    app.allowFault(/status of 401/);
    const page = await app.open(list, { as: people.sarah, fresh: true });
    await page.getByRole("link", { name: "Order sync" }).waitFor();
    await page.getByRole("button", { name: /Northwind Traders/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(list);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.getByRole("link", { name: "Order sync" }).count()).toBe(0);
  });
});

describe("Accounts", () => {
  test("Switching accounts shows only the new account’s tokens", async () => {
    const page = await app.open(`${list}?q=robot`, { as: people.sarah, fresh: true });
    await page.getByRole("link", { name: "Robot 1" }).waitFor();
    await page.getByRole("button", { name: /Northwind Traders/ }).click();
    await page.getByRole("menuitemradio", { name: /Fabrikam Cloud/ }).click();
    await page.getByRole("link", { name: "Fulfilment service" }).waitFor();
    await page.getByRole("button", { name: /Fabrikam Cloud.*Vendor.*Sarah Sanderson/ }).waitFor();
    expect(await page.getByRole("link", { name: "Robot 1" }).count()).toBe(0);
    expect(pathOf(page)).toBe(list);
    await page.reload();
    await page.getByRole("link", { name: "Fulfilment service" }).waitFor();
  });

  test("An auditor can view everything but change nothing", async () => {
    const page = await app.open(list, { as: people.reto });
    await page.getByRole("link", { name }).waitFor();
    expect(await page.getByRole("button", { name: "Add" }).count()).toBe(0);
    await page.getByText("View only").first().waitFor();
    expect(await page.getByRole("button", { name: `Actions for ${name}` }).count()).toBe(0);
    await page.getByRole("link", { name }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
    expect(await page.getByRole("button", { name: "Edit" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /Show API token|Copy API token/ }).count()).toBe(0);
    await page.getByText("Only administrators of the account can show or copy the value.").waitFor();
    await page.getByRole("link", { name: "Audit trail" }).click();
    await eventually(() => page.getByRole("heading", { level: 1 }).textContent(), "Audit trail");
  });

  test("An auditor cannot open the Add dialog by its URL", async () => {
    const page = await app.open(`${list}/add`, { as: people.reto });
    await page.getByRole("link", { name }).waitFor();
    await eventually(() => pathOf(page), list);
    expect(await page.getByRole("dialog").count()).toBe(0);
  });
});
