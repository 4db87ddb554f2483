import { screen, waitFor, within } from "@testing-library/react";
import { makeToken } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

const list = "/settings/api-tokens";
const rowsShown = () => screen.findByRole("link", { name: "Robot 28" });

describe("Keyboard navigation", () => {
  test("Sorting a column by keyboard returns focus to its header", async () => {
    const { user, url } = renderApp(list);
    await rowsShown();
    const header = screen.getByRole("button", { name: "Date created" });
    header.focus();
    await user.keyboard("{Enter}");
    await screen.findByRole("menuitem", { name: "Sort ascending" });
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(url()).toMatch(/sort=-?createdAt/));
    await waitFor(() => expect(screen.getByRole("button", { name: "Date created" })).toHaveFocus());
  });

  test("Escape returns focus to the panel’s button when a column menu opened the panel", async () => {
    const { user } = renderApp(list);
    await rowsShown();
    await user.click(screen.getByRole("button", { name: "Status" }));
    await user.click(await screen.findByRole("menuitem", { name: "Filter by this column" }));
    (await screen.findByRole("combobox", { name: "Filter by" })).focus();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.getByRole("button", { name: "Filter" })).toHaveFocus());
  });

  test("Focus stays on the paging control at the first and last page", async () => {
    const { user } = renderApp(`${list}?rows=25`);
    await screen.findByText("1-25 of 28 rows");
    screen.getByRole("button", { name: "Next" }).focus();
    await user.keyboard("{Enter}");
    await screen.findByText("26-28 of 28 rows");
    expect(screen.getByRole("button", { name: "Next" })).toHaveFocus();
    const page = screen.getByRole("textbox", { name: "Page" });
    await user.clear(page);
    await user.type(page, "1{Enter}");
    await screen.findByText("1-25 of 28 rows");
    expect(screen.getByRole("textbox", { name: "Page" })).toHaveFocus();
  });

  test("Removing the only condition moves focus to Add condition", async () => {
    const { user } = renderApp(list);
    await rowsShown();
    await user.click(screen.getByRole("button", { name: "Filter" }));
    await user.click(await screen.findByRole("button", { name: "Remove condition: Name" }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Add condition" })).toHaveFocus());
  });

  test("Hiding a column moves focus to the next column", async () => {
    const { user } = renderApp(list);
    await rowsShown();
    await user.click(screen.getByRole("button", { name: "Modules" }));
    await user.click(await screen.findByRole("menuitem", { name: "Hide column" }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Created by" })).toHaveFocus());
  });

  test("Escape closes a panel and returns focus to its button", async () => {
    const { user } = renderApp(list);
    await rowsShown();
    screen.getByRole("button", { name: "Columns" }).focus();
    await user.keyboard("{Enter}");
    await screen.findByRole("radio", { name: "Fit to screen" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("radio", { name: "Fit to screen" })).not.toBeInTheDocument());
    expect(screen.getByRole("button", { name: "Columns" })).toHaveFocus();
  });

  describe("Grid", () => {
    const focused = () => document.activeElement;

    test("The table is one Tab stop, and arrow keys move between its cells", async () => {
      const { user } = renderApp(list);
      const first = await rowsShown();
      screen.getByRole("searchbox").focus();
      await user.tab();
      expect(first).toHaveFocus();
      await user.keyboard("{ArrowDown}{ArrowDown}");
      expect(screen.getByRole("link", { name: "Robot 26" })).toHaveFocus();
      await user.keyboard("{ArrowRight}");
      expect(focused()).toHaveTextContent("3 modules");
      await user.keyboard("{End}");
      expect(screen.getByRole("button", { name: "Actions for Robot 26" })).toHaveFocus();
      await user.tab();
      expect(screen.getByRole("grid")).not.toContainElement(focused() as HTMLElement);
      await user.tab({ shift: true });
      expect(screen.getByRole("button", { name: "Actions for Robot 26" })).toHaveFocus();
      await user.keyboard("{Control>}{Home}{/Control}");
      expect(screen.getByRole("checkbox", { name: "Select all rows on this page" })).toHaveFocus();
      await user.keyboard("{Control>}{End}{/Control}");
      expect(screen.getByRole("button", { name: "Actions for Robot 19" })).toHaveFocus();
      await user.keyboard("{ArrowDown}{ArrowRight}");
      expect(screen.getByRole("button", { name: "Actions for Robot 19" })).toHaveFocus();
    });

    test("An open menu has the arrow keys for itself", async () => {
      const { user } = renderApp(list);
      await rowsShown();
      screen.getByRole("button", { name: "Actions for Robot 28" }).focus();
      await user.keyboard("{Enter}");
      await screen.findByRole("menuitem", { name: "Edit" });
      await user.keyboard("{ArrowDown}");
      expect(await screen.findByRole("menu")).toContainElement(focused() as HTMLElement);
    });

    test("x selects the focused row, and e edits its token", async () => {
      const { user } = renderApp(list);
      (await rowsShown()).focus();
      await user.keyboard("{ArrowDown}x");
      expect(screen.getByRole("checkbox", { name: "Select Robot 27" })).toBeChecked();
      await user.keyboard("x");
      expect(screen.getByRole("checkbox", { name: "Select Robot 27" })).not.toBeChecked();
      await user.keyboard("e");
      expect(await screen.findByLabelText("API token name")).toHaveValue("Robot 27");
      await user.keyboard("{Escape}");
      await waitFor(() => expect(screen.getByRole("link", { name: "Robot 27" })).toHaveFocus());
    });
  });

  describe("Focus after a deletion", () => {
    async function deleteByHand(name: string, numbers: number[]) {
      const view = renderApp(list, { tokens: numbers.map((number) => makeToken(number)) });
      (await screen.findByRole("button", { name: `Actions for ${name}` })).focus();
      await view.user.keyboard("{Enter}");
      (await screen.findByRole("menuitem", { name: "Delete" })).focus();
      await view.user.keyboard("{Enter}");
      const question = await screen.findByRole("dialog", { name: `Delete ${name}?` });
      within(question).getByRole("button", { name: "Delete" }).focus();
      return view;
    }

    const isGone = (name: string) =>
      waitFor(() => expect(screen.queryByRole("link", { name })).not.toBeInTheDocument());

    test.each([
      ["the next row’s actions", "Robot 2", [1, 2, 3], "Actions for Robot 1"],
      ["the previous row’s actions when the last row was deleted", "Robot 1", [1, 2, 3], "Actions for Robot 2"],
      ["Add when no rows are left", "Robot 1", [1], "Add"],
    ])("Focus moves to %s", async (_, name, numbers, next) => {
      const { user } = await deleteByHand(name, numbers);
      await user.keyboard("{Enter}");
      await isGone(name);
      await waitFor(() => expect(document.activeElement).toHaveAccessibleName(next));
    });

    test("Focus moves to the next row’s actions when someone else deleted the token", async () => {
      const { user, server } = await deleteByHand("Robot 2", [1, 2, 3]);
      server.state.tokens = server.state.tokens.filter(({ name }) => name !== "Robot 2");
      await user.keyboard("{Enter}");
      (await screen.findByText("Close")).closest("button")?.focus();
      await user.keyboard("{Enter}");
      await isGone("Robot 2");
      await waitFor(() => expect(screen.getByRole("button", { name: "Actions for Robot 1" })).toHaveFocus());
    });
  });
});
