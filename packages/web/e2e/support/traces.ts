import type { Page } from "playwright-core";

interface Fiber {
  memoizedProps?: { client?: { cache?: { extract(): object } } } | null;
  child?: Fiber | null;
  sibling?: Fiber | null;
}

/** Reports where in the browser the secret part of a token’s value can be found. */
export async function tracesOf(page: Page, value: string) {
  const secret = value.slice(-38);
  const found = await page.evaluate((secret) => {
    const holds = (text: string) => text.includes(secret);
    const fields = [...document.querySelectorAll<HTMLInputElement>("input, textarea, select")];

    // The cache is not exposed on window, so find it through React’s tree.
    const root = document.getElementById("root") ?? document.body;
    const key = Object.keys(root).find((name) => name.startsWith("__reactContainer$")) ?? "";
    const toVisit: (Fiber | null | undefined)[] = [(root as unknown as Record<string, Fiber>)[key]];
    let cache: object | undefined;
    while (!cache && toVisit.length > 0) {
      const fiber = toVisit.pop();
      if (!fiber) continue;
      cache = fiber.memoizedProps?.client?.cache?.extract();
      toVisit.push(fiber.sibling, fiber.child);
    }
    if (!cache) throw new Error("Apollo's cache was not found.");

    return {
      page: holds(document.documentElement.outerHTML) || fields.some((field) => holds(field.value)),
      apolloCache: holds(JSON.stringify(cache)),
      storage: [localStorage, sessionStorage].some((storage) => holds(JSON.stringify({ ...storage }))),
      url: holds(location.href) || holds(JSON.stringify(history.state)) || holds(document.cookie),
    };
  }, secret);
  return found;
}
