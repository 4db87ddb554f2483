import { act, screen, within } from "@testing-library/react";
import { type FakeToken, makeToken } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

const list = "/settings/api-tokens";
const day = 86_400_000;
const fromNow = (ms: number) => new Date(Date.now() + ms).toISOString();
const open = (changes: Partial<FakeToken>, path = list) => renderApp(path, { tokens: [makeToken(1, changes)] });
const row = async () => (await screen.findByRole("link", { name: "Robot 1" })).closest("tr") as HTMLElement;

describe("Last access", () => {
  test("Last access shows a relative time, and the exact time on focus", async () => {
    const lastAccessAt = fromNow(-3.5 * 3_600_000);
    const { user } = open({ lastAccessAt });
    const time = within(await row())
      .getByText("3 hours ago")
      .closest("time") as HTMLElement;
    const exact = `${lastAccessAt.slice(0, 19).replace("T", " ")} UTC`;
    expect(time).toHaveAttribute("datetime", lastAccessAt);
    expect(time).toHaveAttribute("title", exact);
    expect(time).toHaveTextContent(exact);
    screen.getByRole("link", { name: "Robot 1" }).focus();
    await user.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}");
    expect(time).toHaveFocus();
  });

  test("An unused token shows Never", async () => {
    open({ lastAccessAt: null });
    expect(within(await row()).getByText("Never")).toBeVisible();
  });

  test("Relative times update every minute on one timer for the whole page", async () => {
    jest.useFakeTimers();
    try {
      const ticks = jest.spyOn(window, "setInterval");
      const tokens = [
        makeToken(1, { lastAccessAt: fromNow(-200_000) }),
        makeToken(2, { lastAccessAt: fromNow(-1000) }),
      ];
      renderApp(list, { tokens });
      expect(await screen.findByText("3 minutes ago")).toBeVisible();
      expect(screen.getByText("just now")).toBeVisible();
      await act(() => jest.advanceTimersByTimeAsync(60_000));
      expect(screen.getByText("4 minutes ago")).toBeVisible();
      expect(screen.getByText("1 minute ago")).toBeVisible();
      expect(ticks.mock.calls.filter(([, ms]) => ms === 60_000)).toHaveLength(1);
    } finally {
      jest.useRealTimers();
      jest.restoreAllMocks();
    }
  });
});

describe("Expiry badge", () => {
  test.each([
    ["29 days before expiry", 29.5 * day, "Expires in 29 days"],
    ["5 hours before expiry", 5.5 * 3_600_000, "Expires in 5 hours"],
    ["minutes before expiry", 600_000, "Expires soon"],
    ["after expiry", -day, "Expired"],
  ])("A badge appears in the list and on the token’s page %s", async (_, left, label) => {
    const expiresAt = fromNow(left);
    const { unmount } = open({ expiresAt });
    expect(within(await row()).getByText(label)).toBeVisible();
    unmount();
    open({ expiresAt }, `${list}/TKN-1234-0001`);
    expect(await screen.findByText(label)).toBeVisible();
  });

  test("No badge appears without an expiry date or more than 30 days before it", async () => {
    renderApp(list, { tokens: [makeToken(1, { expiresAt: fromNow(31 * day) }), makeToken(2)] });
    await row();
    expect(screen.queryByText(/^Expire[sd] /)).not.toBeInTheDocument();
  });
});

describe("Expiry date in the past", () => {
  const yesterday = new Date(Date.now() - day).toLocaleDateString("sv");

  async function chooseYesterday({ user }: ReturnType<typeof renderApp>) {
    await user.selectOptions(await screen.findByLabelText("Expires"), "Custom date…");
    const field = screen.getByLabelText("Last day");
    await user.clear(field);
    await user.type(field, yesterday);
    return field;
  }

  test("A new token’s past expiry date is rejected at its field", async () => {
    const view = open({}, `${list}/add`);
    await view.user.type(await screen.findByLabelText("API token name"), "Robot");
    const field = await chooseYesterday(view);
    const dialog = screen.getByRole("dialog", { name: "Add API token" });
    await view.user.click(within(dialog).getByRole("button", { name: "Next" }));
    expect(field).toHaveAccessibleDescription("Choose today or a later date.");
    expect(field).toHaveFocus();
  });

  test("An expired token can be renamed", async () => {
    const view = open({ expiresAt: fromNow(-3 * day) }, `${list}/TKN-1234-0001`);
    await view.user.click(await screen.findByRole("button", { name: "Edit" }));
    await view.user.type(await screen.findByLabelText("API token name"), " again");
    await view.user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Robot 1 again is saved.")).toBeVisible();
  });
});
