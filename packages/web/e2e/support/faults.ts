import type { BrowserContext } from "playwright-core";

/** Reports what no page may ever do: console errors and warnings, uncaught errors, violations of the content policy. */
export async function watchForFaults(context: BrowserContext, report: (fault: string) => void): Promise<void> {
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      report(`${message.type()} on ${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (webError) => report(`uncaught: ${webError.error().stack}`));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (violation) => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber } = violation;
      throw new Error(`Content security policy: ${effectiveDirective}, ${blockedURI}, ${sourceFile}:${lineNumber}`);
    });
  });
}
