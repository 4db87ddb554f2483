import { screen, waitFor, within } from "@testing-library/react";
import { makeToken, modules } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

type View = ReturnType<typeof renderApp>;

const open = (changes: Parameters<typeof renderApp>[1] = { tokens: [makeToken(1)] }) =>
  renderApp("/settings/api-tokens/add", changes);

const dialog = () => screen.findByRole("dialog", { name: "Add API token" });
const press = async (view: View, name: string) => view.user.click(within(await dialog()).getByRole("button", { name }));
const next = (view: View) => press(view, "Next");
const add = (view: View) => press(view, "Add");
const step = (name: string) => screen.findByRole("heading", { level: 3, name });

async function fillToOverview(view: View) {
  await view.user.type(await screen.findByLabelText("API token name"), "Billing robot");
  await next(view);
  await view.user.click(await screen.findByRole("checkbox", { name: /Orders/ }));
  await next(view);
  await step("Overview");
}

describe("Add dialog", () => {
  test("Completing the steps adds the token and shows its summary", async () => {
    const view = open();
    await view.user.type(await screen.findByLabelText("API token name"), "Billing robot");
    await view.user.type(screen.getByLabelText(/Description/), "Reads invoices");
    await next(view);
    expect(await step("Modules")).toHaveFocus();
    expect(within(await dialog()).getByRole("button", { name: "Modules" })).toHaveAttribute("aria-current", "step");
    await view.user.click(await screen.findByRole("checkbox", { name: /Orders/ }));
    await view.user.click(screen.getByRole("checkbox", { name: /Billing/ }));
    await next(view);
    await step("Overview");
    expect(await dialog()).toHaveTextContent("Billing robot");
    expect(await dialog()).toHaveTextContent("Reads invoices");
    expect(await dialog()).toHaveTextContent("2 modules");
    await add(view);
    await step("Summary");
    const { input } = view.server.lastVariables("CreateApiToken") as { input: Record<string, unknown> };
    expect(input).toMatchObject({
      name: "Billing robot",
      description: "Reads invoices",
      moduleIds: ["MOD-1310", "MOD-1320"],
      icon: null,
      expiresAt: expect.any(String),
    });
    expect(await dialog()).toHaveTextContent("has been added and is active");
    expect(await dialog()).toHaveTextContent("curl 'http://127.0.0.1:4000/graphql'");
  });

  test("The value is shown only on request and removed on closing", async () => {
    const view = open();
    await fillToOverview(view);
    const written = jest.spyOn(view.client.cache, "write");
    await add(view);
    await step("Summary");
    const value = view.server.state.tokens.at(-1)?.value ?? "no value";
    expect(JSON.stringify(written.mock.calls)).not.toContain(value);
    const nowhere = () => {
      expect(document.documentElement.outerHTML).not.toContain(value);
      expect(JSON.stringify(view.client.extract())).not.toContain(value);
    };
    nowhere();
    await view.user.click(screen.getByRole("button", { name: "Show API token" }));
    expect(await screen.findByText(value)).toBeVisible();
    await view.user.click(within(await dialog()).getByText("Close"));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    nowhere();
    expect(view.url()).toBe("/settings/api-tokens");
    expect(await screen.findByRole("link", { name: "Billing robot" })).toBeVisible();
  });

  test("The value and the first call can be copied", async () => {
    const view = open();
    await fillToOverview(view);
    await add(view);
    await step("Summary");
    const value = view.server.state.tokens.at(-1)?.value ?? "no value";
    await view.user.click(screen.getByRole("button", { name: "Copy API token" }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toBe(value));
    await view.user.click(screen.getByRole("button", { name: "Copy command with the API token" }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toContain(`Bearer ${value}'`));
  });

  test("The summary links to the new token’s page", async () => {
    const view = open();
    await fillToOverview(view);
    await add(view);
    await view.user.click(await screen.findByRole("link", { name: "View details" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Billing robot" })).toBeVisible();
  });

  test("Enter opens the next step, and going back keeps the input", async () => {
    const view = open();
    await view.user.type(await screen.findByLabelText("API token name"), "Billing robot{Enter}");
    await step("Modules");
    await view.user.click(await screen.findByRole("checkbox", { name: /Orders/ }));
    await press(view, "Back");
    expect(await screen.findByLabelText("API token name")).toHaveValue("Billing robot");
    await press(view, "Modules");
    expect(await screen.findByRole("checkbox", { name: /Orders/ })).toBeChecked();
  });

  test("Modules can be searched, and all results selected together", async () => {
    const many = Array.from({ length: 9 }, (_, index) => ({
      __typename: "Module" as const,
      id: `MOD-200${index}`,
      name: `Part ${index}`,
      description: null,
    }));
    const view = open({ modules: [...modules, ...many] });
    await view.user.type(await screen.findByLabelText("API token name"), "Robot{Enter}");
    await view.user.type(await screen.findByRole("searchbox", { name: "Search modules" }), "part{Enter}");
    await view.user.click(screen.getByRole("checkbox", { name: "Select all 9 found" }));
    expect(screen.getByText("9 modules selected")).toBeVisible();
    expect(screen.queryByRole("checkbox", { name: /Orders/ })).not.toBeInTheDocument();
  });

  test("The logo shows the name’s initials, or a key while there is no name", async () => {
    const view = open();
    const name = await screen.findByLabelText("API token name");
    const logo = screen.getByRole("group", { name: /Logo/ });
    expect(logo.querySelector(".tabler-icon-key")).toBeInTheDocument();
    await view.user.type(name, "Billing robot");
    expect(within(logo).getByText("BR")).toBeInTheDocument();
    expect(logo.querySelector(".tabler-icon-key")).not.toBeInTheDocument();
  });

  test("A chosen expiry is sent as a date", async () => {
    const view = open();
    await view.user.selectOptions(await screen.findByLabelText("Expires"), "In 30 days");
    await fillToOverview(view);
    await add(view);
    await step("Summary");
    const { input } = view.server.lastVariables("CreateApiToken") as { input: { expiresAt: string } };
    const days = (new Date(input.expiresAt).getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(31.1);
  });
});

describe("Add errors", () => {
  test("Missing input is rejected at its field, which gets focus, before any request is sent", async () => {
    const view = open();
    await screen.findByLabelText("API token name");
    await next(view);
    const name = screen.getByLabelText("API token name");
    expect(name).toHaveAccessibleDescription("Enter a name.");
    expect(name).toHaveFocus();
    await view.user.type(name, "Robot{Enter}");
    await step("Modules");
    await next(view);
    expect(within(await dialog()).getByRole("alert")).toHaveTextContent("Select at least one module.");
    expect(within(await dialog()).getByRole("alert")).toHaveFocus();
    expect(view.server.lastVariables("CreateApiToken")).toBeUndefined();
  });

  test.each([
    ["in another format", new File(["<svg/>"], "logo.svg", { type: "image/svg+xml" }), "must be a PNG, JPEG or WebP"],
    [
      "over 512 KB",
      new File([new Uint8Array(600 * 1024)], "logo.png", { type: "image/png" }),
      "The logo can be up to 512 KB.",
    ],
  ])("A logo %s is rejected immediately", async (_, file, message) => {
    const view = open();
    await screen.findByLabelText("API token name");
    const input = document.querySelector<HTMLInputElement>('input[type="file"]');
    if (!input) throw new Error("no file field");
    input.removeAttribute("accept");
    await view.user.upload(input, file);
    expect(await screen.findByRole("alert")).toHaveTextContent(message);
  });

  test("An error from the server opens its step and focuses its field", async () => {
    const view = open();
    await fillToOverview(view);
    view.server.trouble("CreateApiToken", {
      userErrors: [{ code: "INVALID", field: ["name"], message: "This name is taken." }],
    });
    await add(view);
    const name = await screen.findByLabelText("API token name");
    expect(name).toHaveAccessibleDescription("This name is taken.");
    expect(name).toHaveFocus();
    expect(name).toHaveValue("Billing robot");
  });

  test("Retrying after a lost response adds only one token", async () => {
    const view = open();
    await fillToOverview(view);
    view.server.trouble("CreateApiToken", "lost");
    await add(view);
    expect(await screen.findByRole("alert")).toHaveTextContent("Can’t reach Hallpass.");
    const first = view.server.lastVariables("CreateApiToken") as { input: { idempotencyKey: string } };
    view.server.heal();
    await add(view);
    await step("Summary");
    expect(view.server.lastVariables("CreateApiToken")).toEqual(first);
    expect(view.server.state.tokens.filter(({ name }) => name === "Billing robot")).toHaveLength(1);
  });

  async function addRenamedAfterALostReply(trouble: "lost" | "offline") {
    const view = open();
    await fillToOverview(view);
    view.server.trouble("CreateApiToken", trouble);
    await add(view);
    await screen.findByRole("alert");
    view.server.heal();
    await press(view, "Edit: General");
    await view.user.type(await screen.findByLabelText("API token name"), " 2");
    await next(view);
    await step("Modules");
    await next(view);
    await step("Overview");
    await add(view);
    await step("Summary");
    return view;
  }

  test("Changing the form after a lost response offers to edit the token already added", async () => {
    const view = await addRenamedAfterALostReply("lost");
    expect(view.server.state.tokens.map(({ name }) => name)).toEqual(["Robot 1", "Billing robot"]);
    expect(await dialog()).toHaveTextContent("Your first attempt added Billing robot");
    expect(within(await dialog()).getByRole("link", { name: "View details" })).toBeVisible();
    await press(view, "Edit token");
    expect(await screen.findByRole("dialog", { name: "Edit API token" })).toBeVisible();
    expect(await screen.findByLabelText("API token name")).toHaveValue("Billing robot");
  });

  test("Changing the form after an undelivered request adds the token as last entered", async () => {
    const view = await addRenamedAfterALostReply("offline");
    expect(view.server.state.tokens.map(({ name }) => name)).toEqual(["Robot 1", "Billing robot 2"]);
    expect(await dialog()).toHaveTextContent("Billing robot 2 (TKN-1234-9001) has been added and is active");
  });
});

describe("Discard confirmation", () => {
  test("Closing with unsaved input asks first, and Keep editing keeps the input", async () => {
    const view = open();
    await view.user.type(await screen.findByLabelText("API token name"), "Robot");
    await view.user.keyboard("{Escape}");
    const question = await screen.findByRole("dialog", { name: "Discard changes?" });
    await view.user.click(within(question).getByRole("button", { name: "Keep editing" }));
    expect(screen.getByLabelText("API token name")).toHaveValue("Robot");
    await view.user.keyboard("{Escape}");
    await view.user.click(await screen.findByRole("button", { name: "Discard" }));
    await waitFor(() => expect(view.url()).toBe("/settings/api-tokens"));
  });

  test("Closing without input does not ask", async () => {
    const view = open();
    await screen.findByLabelText("API token name");
    await view.user.keyboard("{Escape}");
    await waitFor(() => expect(view.url()).toBe("/settings/api-tokens"));
  });
});

describe("Expiry", () => {
  test("A new token expires in 90 days unless another expiry is chosen", async () => {
    const view = open();
    const field = await screen.findByRole("combobox", { name: "Expires" });
    expect(
      within(field)
        .getAllByRole("option")
        .map(({ textContent }) => textContent),
    ).toEqual(["In 90 days", "In 30 days", "In 365 days", "Custom date…", "Never"]);
    expect(field).toHaveDisplayValue("In 90 days");
    await fillToOverview(view);
    await add(view);
    await step("Summary");
    const { expiresAt } = view.server.state.tokens.at(-1) ?? {};
    expect(Math.floor((Date.parse(expiresAt ?? "") - Date.now()) / 86_400_000)).toBe(90);
  });
});

describe("Prefilled form", () => {
  const path = "/settings/api-tokens/add?name=Order+sync&modules=MOD-1310&expires=14d&description=From+the+docs";
  const openLink = (url = path) => renderApp(url, { tokens: [makeToken(1)] });

  test("A complete link opens at the overview, adds nothing by itself, and takes one click", async () => {
    const view = openLink();
    await step("Overview");
    expect(await dialog()).toHaveTextContent("A link filled in this form. Check it before you add the token.");
    expect(await dialog()).toHaveTextContent("Order sync");
    expect(await dialog()).toHaveTextContent("From the docs");
    expect(await within(await dialog()).findByText("MOD-1310")).toBeVisible();
    expect(view.server.lastVariables("CreateApiToken")).toBeUndefined();
    await add(view);
    await step("Summary");
    const { name, expiresAt } = view.server.state.tokens.at(-1) ?? {};
    expect(name).toBe("Order sync");
    expect(Math.floor((Date.parse(expiresAt ?? "") - Date.now()) / 86_400_000)).toBe(14);
  });

  test("An incomplete link opens at the step that needs input", async () => {
    openLink("/settings/api-tokens/add?name=Order+sync&expires=never");
    await step("Modules");
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });

  test("A module that the account does not have is named, and the server rejects it", async () => {
    const view = openLink("/settings/api-tokens/add?name=Order+sync&modules=MOD-9999");
    await step("Overview");
    expect(await within(await dialog()).findByText("Not enabled for this account")).toBeVisible();
    view.server.trouble("CreateApiToken", {
      userErrors: [{ code: "MODULE_NOT_ENABLED", field: ["moduleIds", "0"], message: "MOD-9999 is not enabled." }],
    });
    await add(view);
    await step("Modules");
    expect(await screen.findByRole("alert")).toHaveTextContent("MOD-9999 is not enabled.");
    await view.user.click(screen.getByRole("checkbox", { name: /MOD-9999/ }));
    expect(screen.getByText("0 modules selected")).toBeVisible();
  });

  test.each([
    ["an unknown expiry", "name=A&expires=soon", "In 90 days"],
    ["a date", "name=A&expires=2031-05-06", "Custom date…"],
    ["the last day of all", "name=A&expires=9999-12-31", "Custom date…"],
    ["no module ID", "name=A&modules=Orders", "In 90 days"],
  ])("A link with %s still opens the form", async (_, query, expires) => {
    const view = openLink(`/settings/api-tokens/add?${query}`);
    await step("Modules");
    await press(view, "Back");
    expect(await screen.findByRole("combobox", { name: "Expires" })).toHaveDisplayValue(expires);
  });

  test("A link with a day that does not exist opens at its field", async () => {
    openLink("/settings/api-tokens/add?name=A&modules=MOD-1310&expires=2031-02-30");
    expect(await screen.findByRole("combobox", { name: "Expires" })).toHaveDisplayValue("Custom date…");
  });

  test("Closing removes the link’s parameters and asks only if something was changed", async () => {
    const view = openLink(`${path}&q=Robot`);
    await step("Overview");
    await view.user.keyboard("{Escape}");
    await waitFor(() => expect(view.url()).toBe("/settings/api-tokens?q=Robot"));
  });

  test("Duplicate opens the form with the token’s modules and limits, and a new expiry", async () => {
    const original = makeToken(2, {
      description: "Syncs orders",
      expiresAt: "2026-01-01T00:00:00.000Z",
      ipRanges: ["203.0.113.0/24"],
      rateLimit: { requests: 5, perSeconds: 60 },
    });
    const view = renderApp("/settings/api-tokens", { tokens: [original] });
    await view.user.click(await screen.findByRole("button", { name: "Actions for Robot 2" }));
    await view.user.click(await screen.findByRole("menuitem", { name: "Duplicate" }));
    await step("Overview");
    await add(view);
    await step("Summary");
    const { input } = view.server.lastVariables("CreateApiToken") as { input: Record<string, unknown> };
    expect(input).toMatchObject({
      name: "Copy of Robot 2",
      description: "Syncs orders",
      moduleIds: ["MOD-1255", "MOD-1310", "MOD-1320"],
      ipRanges: ["203.0.113.0/24"],
      rateLimit: { requests: 5, perSeconds: 60 },
    });
    expect(Date.parse(String(input.expiresAt))).toBeGreaterThan(Date.now());
  });

  test("A token that no longer exists cannot be duplicated", async () => {
    const view = renderApp("/settings/api-tokens/add?copy=TKN-9999-9999", { tokens: [makeToken(1)] });
    expect(await screen.findByRole("alert")).toHaveTextContent("This API token no longer exists.");
    await view.user.keyboard("{Escape}");
    await waitFor(() => expect(view.url()).toBe("/settings/api-tokens"));
  });
});
