import type { Page } from "playwright-core";
import { faultsOfLook } from "./support/accessibility";
import { addToken, people, startHallpass } from "./support/hallpass";
import { act, list, rowOf } from "./support/pages";
import { createToken } from "./support/program";

const app = startHallpass();

const open = (path: string, as?: string) => app.open(path, as ? { as } : {});
const openDetails = async (name: string, tab?: string) => {
  const page = await open(list, people.sarah);
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  if (tab) await page.getByRole("tab", { name: tab }).click();
  return page;
};
const hasNoFaults = async (page: Page) => expect(await faultsOfLook(page)).toEqual([]);

describe("Accessibility of token pages", () => {
  test("The sign-in page is accessible when it shows errors", async () => {
    const page = await open("/sign-in");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Email").and(page.locator("[aria-invalid=true]")).waitFor();
    await hasNoFaults(page);
    await page.getByLabel("Email").fill(people.sarah);
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    await hasNoFaults(page);
  });

  test("The session-ended dialog is accessible", async () => {
    const page = await app.open(`${list}?rows=5`, { as: people.sarah, fresh: true });
    await page.getByText("1-5 of 11 rows").waitFor();
    app.allowFault(/status of 401/);
    await page.context().clearCookies();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
    await hasNoFaults(page);
  });

  test("Each step of the Add dialog is accessible, with and without errors", async () => {
    const page = await open(`${list}/add`, people.sarah);
    const dialog = page.getByRole("dialog", { name: "Add API token" });
    const next = dialog.getByRole("button", { name: "Next" });
    await next.click();
    await page.getByText("Enter a name.").waitFor();
    await hasNoFaults(page);
    await page.getByLabel("API token name").fill("Looked at");
    await next.click();
    await page.getByRole("checkbox", { name: /^Orders/ }).waitFor();
    await next.click();
    await page.getByText("Select at least one module.").waitFor();
    await hasNoFaults(page);
    await page.getByRole("checkbox", { name: /^Orders/ }).check();
    await next.click();
    await page.getByRole("heading", { name: "1 module" }).waitFor();
    await hasNoFaults(page);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Discard changes?" }).waitFor();
    await hasNoFaults(page);
    await page.getByRole("button", { name: "Keep editing" }).click();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("has been added and is active").waitFor();
    await page.getByRole("button", { name: "Show API token" }).click();
    await page.getByRole("button", { name: "Hide API token" }).waitFor();
    await hasNoFaults(page);
  });

  test("Both steps of the Edit dialog are accessible", async () => {
    const page = await openDetails("Order sync");
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("API token name").waitFor();
    await hasNoFaults(page);
    await page.getByRole("dialog").getByRole("button", { name: "Next" }).click();
    await page.getByRole("checkbox", { name: /^Orders/ }).waitFor();
    await hasNoFaults(page);
  });

  test("The confirmations for Disable, Enable and Delete are accessible", async () => {
    const page = await open(`${list}?sort=name`, people.sarah);
    for (const [name, action] of [
      ["Order sync", "Disable"],
      ["Contractor laptop", "Enable"],
      ["Load test", "Delete"],
    ] as const) {
      await page.getByRole("button", { name: `Actions for ${name}` }).click();
      await page.getByRole("menuitem", { name: action }).click();
      const question = page.getByRole("dialog", { name: `${action} ${name}?` });
      await question.waitFor();
      await hasNoFaults(page);
      await question.getByRole("button", { name: "Cancel" }).click();
      await question.waitFor({ state: "detached" });
    }
  });

  test("The page and the delete confirmation of a token with descendants are accessible", async () => {
    const { id, value } = await addToken(await open(list, people.sarah), "Hub", ["MOD-1255", "MOD-1310"]);
    await createToken(app.server.url, value, "Created by the hub", "MOD-1310");
    const page = await open(`${list}/${id}`, people.sarah);
    await page.getByRole("link", { name: "Show in the list" }).waitFor();
    await hasNoFaults(page);
    await page.getByRole("button", { name: "Actions for Hub" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("checkbox", { name: /^Also disable/ }).waitFor();
    await hasNoFaults(page);
  });

  test("The success message is accessible", async () => {
    const page = await open(`${list}?sort=name`, people.sarah);
    await rowOf(page, "Access review").waitFor();
    await act(page, "Access review", "Disable");
    await hasNoFaults(page);
  });

  test("A token’s page is accessible while its value is shown", async () => {
    const page = await openDetails("Order sync");
    await page.getByRole("button", { name: "Show API token" }).click();
    await page.getByRole("button", { name: "Hide API token" }).waitFor();
    await hasNoFaults(page);
  });

  test("A token’s page is accessible while its actions menu is open", async () => {
    const page = await openDetails("Order sync");
    await page.getByRole("button", { name: "Actions for Order sync" }).click();
    await page.getByRole("menuitem", { name: "Disable" }).waitFor();
    await hasNoFaults(page);
  });

  test.each(["Modules", "Details", "Audit trail"])("The %s tab of a token is accessible", async (tab) => {
    const page = await openDetails("Order sync", tab);
    await page.getByRole("tabpanel", { name: tab }).locator("table").waitFor();
    await hasNoFaults(page);
  });

  test("The page for an unknown token is accessible", async () => {
    const page = await open(`${list}/TKN-0000-0000`, people.sarah);
    await page.getByText("API token not found").waitFor();
    await hasNoFaults(page);
  });

  test("An auditor’s view of a token is accessible", async () => {
    const page = await open(list, people.reto);
    await page.getByRole("link", { name: "Support bridge" }).click();
    await page.getByText("Only administrators of the account").waitFor();
    await hasNoFaults(page);
  });
});

describe("Controls", () => {
  /** Contrast of each control’s border with what is around it (WCAG 2.2, relative luminance). */
  const contrasts = (page: Page) =>
    page.evaluate(() => {
      const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (colour: string) => {
        const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
          const part = channel / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const around = (element: Element): string => {
        const { backgroundColor } = getComputedStyle(element);
        if (channels(backgroundColor)[3] !== 0 || !element.parentElement) return backgroundColor;
        return around(element.parentElement);
      };
      return [...document.querySelectorAll<HTMLInputElement>('[role="dialog"] :is(input, textarea, select)')]
        .filter((control) => !control.checked && control.type !== "file" && getComputedStyle(control).opacity !== "0")
        .map((control) => {
          const [a, b] = [
            luminance(getComputedStyle(control).borderTopColor),
            luminance(around(control.parentElement as Element)),
          ];
          return { control: control.type, contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
        });
    });

  test.each(["light", "dark"] as const)(
    "Outlines of fields and checkboxes have a contrast of 3:1 in the %s theme",
    async (colorScheme) => {
      const page = await app.open(`${list}/add`, { as: people.sarah });
      await page.emulateMedia({ colorScheme });
      const dialog = page.getByRole("dialog", { name: "Add API token" });
      await dialog.getByLabel("API token name").fill("Contrast");
      const fields = await contrasts(page);
      await dialog.getByRole("button", { name: "Next" }).click();
      await dialog.getByRole("checkbox").first().waitFor();
      const checkboxes = await contrasts(page);
      expect([fields.length > 3, checkboxes.length > 3]).toEqual([true, true]);
      expect([...fields, ...checkboxes].filter(({ contrast }) => contrast < 3)).toEqual([]);
    },
  );
});
