import { screen, within } from "@testing-library/react";
import { type FakeToken, makeToken } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";
import { marksOf } from "./usage-bars";

const path = "/settings/api-tokens/TKN-1234-0001/usage";
const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);
const usageByDay = {
  [daysAgo(0)]: { allowed: 1200, denied: 3 },
  [daysAgo(2)]: { allowed: 40, denied: 0 },
  [daysAgo(60)]: { allowed: 700, denied: 20 },
};

const open = (changes: Partial<FakeToken> = {}, at = path) =>
  renderApp(at, { tokens: [makeToken(1, { usageByDay, ...changes })] });

async function openTable({ user }: ReturnType<typeof renderApp>) {
  await user.click(await screen.findByText("View as table"));
  return screen.getByRole("table", { name: "Usage by day" });
}

describe("Usage tab", () => {
  test("The chart and its table show 30 days by default", async () => {
    const view = open();
    const table = await openTable(view);
    const rows = within(table).getAllByRole("row");
    expect(rows).toHaveLength(30 + 2);
    expect(rows[1]).toHaveTextContent(/1,2003$/);
    expect(rows.at(-1)).toHaveTextContent("Total1,2403");
    expect(screen.getByText("Allowed 1,240")).toBeVisible();
    expect(screen.getByText("Denied 3")).toBeVisible();
    expect(view.server.lastVariables("ApiTokenUsage")).toEqual({ id: "TKN-1234-0001", days: 30 });
  });

  test("The 90-day period has its own URL", async () => {
    const view = open();
    await view.user.click(await screen.findByRole("link", { name: "90 days" }));
    expect(await screen.findByText("Allowed 1,940")).toBeVisible();
    expect(view.url()).toBe(`${path}?days=90`);
    expect(screen.getByRole("link", { name: "90 days" })).toHaveAttribute("aria-current");
    expect(screen.getByRole("link", { name: "30 days" })).not.toHaveAttribute("aria-current");
    expect(within(await openTable(view)).getAllByRole("row")).toHaveLength(90 + 2);
  });

  test("An unknown period falls back to 30 days", async () => {
    const view = open({}, `${path}?days=100000`);
    expect(await screen.findByText("Allowed 1,240")).toBeVisible();
    expect(view.server.lastVariables("ApiTokenUsage")).toMatchObject({ days: 30 });
  });

  test("Arrow keys move between days and announce each day’s usage", async () => {
    const { user } = open();
    const chart = await screen.findByRole("slider", { name: "Day" });
    expect(chart).toHaveAttribute("aria-valuetext", expect.stringMatching(/: 1,200 allowed, 3 denied$/));
    chart.focus();
    await user.keyboard("{ArrowLeft}{ArrowLeft}");
    expect(chart).toHaveAttribute("aria-valuetext", expect.stringMatching(/: 40 allowed, 0 denied$/));
    expect(screen.getByText(/: 40 allowed, 0 denied$/)).toBeVisible();
    await user.keyboard("{Home}{ArrowLeft}");
    expect(chart).toHaveAttribute("aria-valuenow", "1");
  });

  test("The last access shows its time, IP address and user agent", async () => {
    open({ lastAccessAt: new Date(Date.now() - 3.5 * 3_600_000).toISOString() });
    expect(await screen.findByText(/^Last access:/)).toHaveTextContent(
      /Last access: 3 hours ago.* from 203.0.113.7 by order-sync\/2.4/,
    );
  });

  test("A period without requests shows advice instead of a chart", async () => {
    open({ usageByDay: {}, lastAccessAt: null });
    expect(await screen.findByRole("heading", { name: "No requests in the last 30 days" })).toBeVisible();
    expect(screen.getByRole("link", { name: "General tab" })).toHaveAttribute(
      "href",
      "/ACC-0001-0002/settings/api-tokens/TKN-1234-0001",
    );
    expect(screen.queryByRole("slider")).not.toBeInTheDocument();
  });

  test("A failed load shows an error, and retrying shows the usage", async () => {
    const view = renderApp("/settings/api-tokens/TKN-1234-0001", { tokens: [makeToken(1, { usageByDay })] });
    view.server.trouble("ApiTokenUsage", "offline");
    await view.user.click(await screen.findByRole("tab", { name: "Usage" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
    view.server.heal();
    await view.user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Allowed 1,240")).toBeVisible();
  });
});

test.each([
  [0, "0 1"],
  [1, "0 1"],
  [7, "0 2 4 6 8"],
  [40, "0 10 20 30 40"],
  [1203, "0 500 1000 1500"],
  [2135, "0 500 1000 1500 2000 2500"],
])("The chart of up to %d checks a day has marks at %s", (allowed, marks) => {
  expect(marksOf([{ day: "2026-11-23", allowed, denied: 0 }]).join(" ")).toBe(marks);
});
