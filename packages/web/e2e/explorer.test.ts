import { addToken, people, startHallpass } from "./support/hallpass";

const app = startHallpass();
const accessManagement = "MOD-1255";

describe("API explorer", () => {
  test("The default query runs with the session or a token in the headers, which is not stored", async () => {
    const page = await app.open("/graphiql", { as: people.sarah });
    const token = await addToken(page, "Explorer token", [accessManagement]);
    const run = page.getByRole("button", { name: /^Execute/ });
    const result = page.locator(".result-window");
    await page.locator(".graphiql-query-editor .CodeMirror").getByText("apiTokens").waitFor();
    await run.click();
    await result.getByText('"Explorer token"').waitFor();
    await result.getByText('"Sarah Sanderson"').waitFor();

    await page.evaluate((value) => {
      const editor = document.querySelector(".graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror");
      const { CodeMirror } = editor as unknown as { CodeMirror: { setValue(text: string): void } };
      CodeMirror.setValue(JSON.stringify({ Authorization: `Bearer ${value}` }));
    }, token.value);
    await run.click();
    await result.getByText('"Explorer token"').first().waitFor();
    await result.getByText('"Sarah Sanderson"').waitFor({ state: "detached" });
    // The explorer saves half a second after the last change.
    await page.waitForTimeout(1_500);
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(kept).toContain("apiTokens");
    expect(kept).not.toContain(token.value);
  });
});
