import type { Locator, Page } from "playwright-core";
import { eventually } from "./support/eventually";
import { addToken, password, people, startHallpass } from "./support/hallpass";
import { list, pathOf } from "./support/pages";

const app = startHallpass();

/** Presses Tab or Shift+Tab until the target has focus. */
async function tabTo(target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await target.page().keyboard.press(key);
  }
  throw new Error(`80 times ${key} did not lead to ${target}`);
}

/** Expects an element to have focus, visibly. */
async function focusIsSeen(page: Page): Promise<void> {
  const outline = await page.evaluate(() => {
    const { activeElement } = document;
    if (!activeElement || activeElement === document.body) return "nowhere";
    const { outlineStyle, boxShadow, borderColor } = getComputedStyle(activeElement);
    return outlineStyle !== "none" || boxShadow !== "none" || activeElement.matches("input") ? "seen" : borderColor;
  });
  expect(outline).toBe("seen");
}

describe("Keyboard navigation", () => {
  test("A user can sign in, add, open and disable a token, and sign out by keyboard", async () => {
    const page = await app.open("/sign-in");
    await page.evaluate(() => {
      const complain = () => {
        throw new Error("The mouse was used.");
      };
      addEventListener("pointerdown", complain, { capture: true });
    });
    const { keyboard } = page;

    await tabTo(page.getByLabel("Email"));
    await keyboard.type(people.sarah);
    await keyboard.press("Tab");
    await keyboard.type(password);
    await keyboard.press("Enter");

    const add = page.getByRole("button", { name: "Add" });
    await page.getByRole("link", { name: "Order sync" }).waitFor();
    await tabTo(add);
    await focusIsSeen(page);
    await keyboard.press("Enter");

    // The first field gets focus immediately.
    const name = page.getByLabel("API token name");
    await eventually(() => name.evaluate((element) => element === document.activeElement), true);
    await keyboard.type("By hand");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "Modules" }).waitFor();
    await tabTo(page.getByRole("checkbox", { name: /^Orders/ }));
    await keyboard.press("Space");
    const dialog = page.getByRole("dialog", { name: "Add API token" });
    await tabTo(dialog.getByRole("button", { name: "Next" }));
    await focusIsSeen(page);
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await tabTo(dialog.getByRole("button", { name: "Add", exact: true }));
    await keyboard.press("Enter");
    await page.getByText("has been added and is active").waitFor();
    await keyboard.press("Escape");
    await eventually(() => page.getByRole("dialog").count(), 0);
    await eventually(() => add.evaluate((element) => element === document.activeElement), true);

    await cellTo(page.getByRole("link", { name: "By hand" }));
    await focusIsSeen(page);
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "By hand", level: 1 }).waitFor();
    await tabTo(page.getByRole("tab", { name: "General" }));
    await keyboard.press("ArrowRight");
    await page.getByRole("table", { name: "Modules" }).waitFor();

    const actions = page.getByRole("button", { name: "Actions for By hand" });
    await tabTo(actions, "Shift+Tab");
    await keyboard.press("Enter");
    await arrowTo(page.getByRole("menuitem", { name: "Disable" }));
    await keyboard.press("Enter");
    const question = page.getByRole("dialog", { name: "Disable By hand?" });
    await tabTo(question.getByRole("button", { name: "Disable" }));
    await keyboard.press("Enter");
    await page.getByText("By hand is disabled.").waitFor();
    await eventually(() => actions.evaluate((element) => element === document.activeElement), true);

    await tabTo(page.getByRole("button", { name: /Northwind Traders/ }), "Shift+Tab");
    await keyboard.press("Enter");
    await arrowTo(page.getByRole("menuitem", { name: "Sign out" }));
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(pathOf(page)).toBe("/sign-in");
  });

  test("Deleting a token by keyboard moves focus to the next row", async () => {
    const page = await app.open(`${list}?sort=name&rows=100`, { as: people.sarah });
    for (const name of ["First to go", "First to stay"]) await addToken(page, name, ["MOD-1310"]);
    await page.reload();
    const actions = page.getByRole("button", { name: "Actions for First to go" });
    await cellTo(actions);
    await page.keyboard.press("Enter");
    await arrowTo(page.getByRole("menuitem", { name: "Delete" }));
    await page.keyboard.press("Enter");
    await tabTo(page.getByRole("dialog").getByRole("button", { name: "Delete" }));
    await page.keyboard.press("Enter");
    await page.getByText("First to go is deleted.").waitFor();
    await actions.waitFor({ state: "detached" });
    const next = page.getByRole("button", { name: "Actions for First to stay" });
    await eventually(() => next.evaluate((element) => element === document.activeElement), true);
    await focusIsSeen(page);
  });

  test("The skip link leads to the content, and a typed number opens a page", async () => {
    const page = await app.open(`${list}?rows=5`, { as: people.sarah });
    await page.getByText(/^1-5 of \d+ rows$/).waitFor();
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to content" });
    expect(await skip.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await tabTo(page.getByRole("textbox", { name: "Page" }));
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("3");
    await page.keyboard.press("Enter");
    await page.getByText(/^11-\d+ of \d+ rows$/).waitFor();
  });
});

/** Tabs into the grid, then presses arrow keys until the target has focus. */
async function cellTo(target: Locator): Promise<void> {
  await target.waitFor();
  const page = target.page();
  await tabTo(page.getByRole("grid").locator("[tabindex='0']"));
  await page.keyboard.press("Control+Home");
  const cell = await target.evaluate((element) => {
    const { cellIndex = 0, parentElement } = element.closest("td") ?? {};
    return { column: cellIndex, row: (parentElement as HTMLTableRowElement).rowIndex };
  });
  for (let row = 0; row < cell.row; row++) await page.keyboard.press("ArrowDown");
  for (let column = 0; column < cell.column; column++) await page.keyboard.press("ArrowRight");
  await eventually(() => target.evaluate((element) => element === document.activeElement), true);
}

async function arrowTo(item: Locator): Promise<void> {
  await item.waitFor();
  for (let presses = 0; presses < 20; presses++) {
    if (await item.evaluate((element) => element === document.activeElement)) return;
    await item.page().keyboard.press("ArrowDown");
  }
  throw new Error(`The arrows did not lead to ${item}`);
}
