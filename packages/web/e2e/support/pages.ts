import type { Locator, Page } from "playwright-core";

export const list = "/settings/api-tokens";

export function rowOf(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** The token names in the list, from top to bottom. */
export async function namesShown(page: Page): Promise<string[]> {
  await page.getByRole("grid", { name: "API tokens" }).and(page.locator("[aria-busy=false]")).waitFor();
  const links = page.getByRole("grid", { name: "API tokens" }).getByRole("link");
  return links.allTextContents();
}

/** Performs an action on a token in the list, confirms it, and waits for the success message. */
export async function act(page: Page, name: string, action: "Enable" | "Disable" | "Delete"): Promise<void> {
  await rowOf(page, name)
    .getByRole("button", { name: `Actions for ${name}` })
    .click();
  await page.getByRole("menuitem", { name: action }).click();
  const question = page.getByRole("dialog", { name: `${action} ${name}?` });
  const confirm = question.getByRole("button", { name: action });
  await confirm.and(page.locator(":not([aria-disabled])")).waitFor();
  // A token in use is deleted by name.
  if (await question.getByRole("textbox").count()) await question.getByRole("textbox").fill(name);
  await confirm.click();
  await page.getByText(`${name} is ${action.toLowerCase()}d.`).waitFor();
}

/** The URL’s path after the account, and its query, decoded. */
export function pathOf(page: Page): string {
  const { pathname, search } = new URL(page.url());
  return pathname.replace(/^\/ACC(-\d{4})+/, "") + decodeURIComponent(search);
}
