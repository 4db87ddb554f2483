import type { BrowserContext } from "playwright-core";

/**
 * Reports what no page may do: log console errors or warnings, throw, violate the content security policy, open browser
 * dialogs, send requests to other servers, or call `hit`, as hostile texts try to.
 */
export async function watchForFaults(
  context: BrowserContext,
  serverUrl: string,
  report: (fault: string) => void,
): Promise<void> {
  context.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${serverUrl}/`))
      report(`request to ${request.url()}`);
  });
  context.on("dialog", (dialog) => {
    report(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      report(`${message.type()} on ${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (webError) => report(`uncaught: ${webError.error().stack}`));
  await context.addInitScript(() => {
    Object.assign(window, {
      hit() {
        throw new Error("A text ran as a script.");
      },
    });
    document.addEventListener("securitypolicyviolation", (violation) => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber } = violation;
      throw new Error(`Content security policy: ${effectiveDirective}, ${blockedURI}, ${sourceFile}:${lineNumber}`);
    });
  });
}
