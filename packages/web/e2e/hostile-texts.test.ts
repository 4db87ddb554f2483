import type { Page } from "playwright-core";
import { startHallpass } from "./support/hallpass";
import { applyHostilePlatform, hostileModules, mallory, malloryId } from "./support/hostile-platform";
import { hostileMarks, hostileNames, worst } from "./support/hostile-texts";
import { tracesOfTexts } from "./support/inert";
import { list, rowOf } from "./support/pages";

const app = startHallpass();
const trail = "/settings/audit-trail";
const account = "ACC-6666-0001";

interface TrustedTypes {
  createPolicy(name: string, rules: object): void;
}

interface Created {
  apiToken: { id: string; name: string } | null;
  userErrors: { code: string; message: string }[];
}

/** A one-pixel image with a script appended. */
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const logo = Buffer.concat([picture, Buffer.from("<script>hit()</script>")]);
const scriptedSvg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="hit()"><script>hit()</script></svg>');
const asPng = (content: Buffer) => `data:image/png;base64,${content.toString("base64")}`;

async function create(page: Page, input: object, userAgent?: string): Promise<Created> {
  const query = `mutation ($input: CreateApiTokenInput!) {
    createApiToken(input: $input) { apiToken { id name } userErrors { code message } }
  }`;
  const response = await page.context().request.post("/graphql", {
    data: { query, variables: { input: { moduleIds: hostileModules, ...input } } },
    ...(userAgent && { headers: { "User-Agent": userAgent } }),
  });
  return (await response.json()).data.createApiToken;
}

/** The text itself if a header can carry it. */
const printable = (text: string) => (/^[\x20-\x7E]+$/.test(text) ? text : "Mozilla/5.0");

/** Tokens with hostile names, descriptions and user agents. One has a hostile logo. */
const created: { id: string; name: string }[] = [];

beforeAll(async () => {
  await applyHostilePlatform(app.server.dataDir);
  const page = await app.open("/sign-in", { as: mallory });
  const icon = asPng(logo);
  const description = [...hostileNames].join(" ").slice(0, 2000);
  const answers = hostileNames.map(async (name) => {
    const input = { name, description, ...(name === worst && { icon }) };
    const { apiToken, userErrors } = await create(page, input, printable(name));
    if (!apiToken) throw new Error(JSON.stringify([name, userErrors]));
    return apiToken;
  });
  created.push(...(await Promise.all(answers)));
});

const inert = async (page: Page) => expect(await tracesOfTexts(page)).toEqual([]);
const named = (part: string) => {
  const found = created.find(({ name }) => name.includes(part));
  if (!found) throw new Error(part);
  return found;
};

describe("Hostile texts", () => {
  test("Hostile texts are stored intact or rejected as invalid", async () => {
    const page = await app.open("/sign-in", { as: mallory });
    expect(created.map(({ name }) => name)).toEqual(hostileNames.map((name) => name.trim().normalize("NFC")));
    for (const name of hostileMarks) {
      const { apiToken, userErrors } = await create(page, { name });
      expect([apiToken, userErrors]).toEqual([null, [expect.objectContaining({ code: "INVALID" })]]);
    }
    const { userErrors } = await create(page, { name: "Drawn", icon: asPng(scriptedSvg) });
    expect(userErrors).toEqual([expect.objectContaining({ message: "The logo must be a PNG, JPEG or WebP image." })]);
  });

  test("A script appended to a logo is removed", async () => {
    const page = await app.open("/sign-in", { as: mallory });
    const response = await page.context().request.get(`/icons/${created[0]?.id}`);
    expect(response.headers()).toMatchObject({ "content-type": "image/png", "x-content-type-options": "nosniff" });
    expect((await response.body()).includes("script")).toBe(false);
  });

  test("Hostile texts appear as text in the list", async () => {
    const page = await app.open(`${list}?rows=100&columns=name,description,modules,createdBy,actions`, {
      as: mallory,
    });
    const names = page.getByRole("grid", { name: "API tokens" }).getByRole("link");
    await names.last().waitFor();
    expect((await names.allTextContents()).sort()).toEqual(created.map(({ name }) => name).sort());
    await inert(page);
  });

  test("Hostile texts appear as text on every tab and in every dialog of a token", async () => {
    const { id, name } = named(worst.normalize("NFC"));
    const page = await app.open(`${list}/${id}`, { as: mallory });
    await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
    for (const tab of ["General", "Modules", "Details", "Usage", "Audit trail"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.getByRole("tabpanel", { name: tab }).locator("table, dl, figure, p").first().waitFor();
      await inert(page);
    }
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("API token name").waitFor();
    expect(await dialog.getByLabel("API token name").inputValue()).toBe(name);
    await inert(page);
    await dialog.getByRole("button", { name: "Next" }).click();
    await dialog.getByRole("checkbox").first().waitFor();
    await inert(page);
    await page.keyboard.press("Escape");
    for (const action of ["Rotate", "Disable", "Delete"]) {
      await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
      await page.getByRole("menuitem", { name: action }).click();
      await dialog.getByText(name).first().waitFor();
      await inert(page);
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await dialog.waitFor({ state: "detached" });
    }
  });

  test("Hostile texts appear as text in the Add dialog and the success message", async () => {
    const page = await app.open(`${list}/add`, { as: mallory });
    const dialog = page.getByRole("dialog");
    const name = `${worst.slice(0, 58)} added`.normalize("NFC");
    await dialog.getByLabel("API token name").fill(name);
    await dialog.locator("input[type=file]").setInputFiles({
      name: '../../"><img src=x onerror=hit() data-hostile>.png',
      mimeType: "image/png",
      buffer: scriptedSvg,
    });
    await inert(page);
    await dialog.locator("input[type=file]").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: logo });
    await dialog.getByRole("button", { name: "Remove logo" }).waitFor();
    await dialog.getByRole("button", { name: "Next" }).click();
    await dialog.getByRole("checkbox", { name: /^Select all/ }).check();
    await inert(page);
    await dialog.getByRole("button", { name: "Next" }).click();
    await dialog.getByText("MOD-7000").waitFor();
    await inert(page);
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByText("has been added and is active").waitFor();
    await inert(page);
    await page.keyboard.press("Escape");
    await rowOf(page, name)
      .getByRole("button", { name: /^Actions for/ })
      .click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByText("is deleted.").waitFor();
    await inert(page);
  });

  test("Hostile texts appear as text in the audit trail and its dialogs", async () => {
    const page = await app.open(`${trail}?rows=100`, { as: mallory });
    const { name } = named("onbegin=hit()");
    await page
      .getByRole("gridcell", { name: `127.0.0.1 ${name}` })
      .first()
      .waitFor();
    await inert(page);
    const { name: hebrew } = named("שלום (עולם)");
    await page.getByRole("link", { name: `View details: API token ${hebrew} added` }).click();
    const record = page.getByRole("dialog", { name: /^Record/ });
    await record.getByRole("button", { name: "Copy record" }).click();
    await record.getByText("Copied", { exact: true }).first().waitFor();
    await inert(page);
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    expect(copied).toMatchObject({ object: { name: hebrew }, actor: { id: malloryId } });
    await page.keyboard.press("Escape");
    await record.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByLabel(/Saved head/).fill(`ACC-6666-0002 1 ${"a".repeat(64)}`);
    await page.keyboard.press("Enter");
    await page.getByText("but you’re in").waitFor();
    await inert(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByLabel("Filter by").selectOption({ label: "Actor" });
    await page.getByRole("checkbox", { name: malloryId }).waitFor();
    await inert(page);
  });

  test("Hostile texts appear as text in the account menu and the module filter", async () => {
    const page = await app.open(list, { as: mallory });
    await page.getByRole("banner").getByRole("button").last().click();
    await page.getByRole("menuitemradio", { name: account }).waitFor();
    await inert(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByLabel("Filter by").selectOption({ label: "Modules" });
    await page.getByRole("checkbox", { name: "MOD-7000" }).waitFor();
    await inert(page);
  });

  test("A hostile redirect after sign-in opens the list", async () => {
    const page = await app.open("/sign-in", { as: mallory });
    for (const url of ["javascript:hit()", "/\\evil.example"]) {
      await page.goto(`/sign-in?redirect=${encodeURIComponent(url)}`);
      await page.waitForURL(list);
    }
  });

  test("Hostile texts appear as text with an invalid URL and in the API explorer", async () => {
    const text = encodeURIComponent(worst);
    const page = await app.open(`${list}?filter=${text}&sort=${text}&q=${text}`, { as: mallory });
    await page.getByText("isn’t valid").first().waitFor();
    await inert(page);
    await page.goto("/graphiql");
    await page.locator(".graphiql-query-editor .CodeMirror").getByText("apiTokens").waitFor();
    await page.evaluate(() => {
      const editor = document.querySelector(".graphiql-query-editor .CodeMirror") as unknown as {
        CodeMirror: { setValue(text: string): void };
      };
      editor.CodeMirror.setValue(
        // Same name as the default query: the explorer sends that name until it notices the change.
        "query Tokens { apiTokens(first: 100) { nodes { name description modules { name description } } } }",
      );
    });
    await page.getByRole("button", { name: /^Execute/ }).click();
    await page.locator(".result-window").getByText("hit()").first().waitFor();
    await page
      .getByRole("button", { name: /Documentation/ })
      .first()
      .click();
    await page.getByText("Root Types").waitFor();
    await inert(page);
  });

  test.each([list, "/graphiql"])("The browser blocks untrusted markup and scripts on %s", async (path) => {
    const page = await app.open(path, { as: mallory });
    await page.getByRole("button").first().waitFor();
    app.allowFault(/Trusted|Content security policy/);
    const attempts = await page.evaluate((text) => {
      const script = document.createElement("script");
      const refused = (attempt: () => unknown) => {
        try {
          attempt();
          return false;
        } catch {
          return true;
        }
      };
      return [
        refused(() => (document.createElement("div").innerHTML = text)),
        refused(() => document.createElement("div").insertAdjacentHTML("beforeend", "<p title='x'>x</p>")),
        refused(() => (script.text = "hit()")),
        refused(() => (script.src = "/assets/x.js")),
        refused(() => (window as unknown as { trustedTypes: TrustedTypes }).trustedTypes.createPolicy("mine", {})),
      ];
    }, worst);
    expect(attempts).toEqual(attempts.map(() => true));
  });

  test("Hostile texts are inert in exported files", async () => {
    const page = await app.open(trail, { as: mallory });
    const download = async (format: RegExp) => {
      await page.getByRole("button", { name: "Export", exact: true }).click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: format }).click(),
      ]);
      await page.getByText(`Downloaded ${file.suggestedFilename()}.`).waitFor();
      return Buffer.concat(await (await file.createReadStream()).toArray()).toString("utf8");
    };
    const records = (await download(/^JSON lines/))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const createdNow = records.filter(({ event }) => event === "api_token.created");
    expect(createdNow.map(({ objectName }) => objectName)).toEqual(
      expect.arrayContaining(hostileNames.map((name) => name.normalize("NFC"))),
    );
    const cells = cellsOf(await download(/^CSV/));
    expect(cells.length).toBeGreaterThan(hostileNames.length * 5);
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(cells).toContain("'=cmd|'/C calc'!A0");
  });
});

/** Parses CSV as spreadsheets do (RFC 4180). */
function cellsOf(csv: string): string[] {
  return [...csv.replace(/^\uFEFF/, "").matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}
