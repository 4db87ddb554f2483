import { notifications } from "@mantine/notifications";
import { act, screen, waitFor, within } from "@testing-library/react";
import { type FakeToken, makeToken } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

type View = ReturnType<typeof renderApp>;

const path = "/settings/api-tokens/TKN-1234-0001";
const hour = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const open = (changes: Partial<FakeToken> = {}, at = path) => renderApp(at, { tokens: [makeToken(1, changes)] });
const tokenOf = (view: View) => view.server.state.tokens[0] as FakeToken;
const rotations = (view: View) => view.server.requests.filter(({ operation }) => operation === "RotateApiToken");

async function ask(view: View) {
  await view.user.click(await screen.findByRole("button", { name: "Actions for Robot 1" }));
  await view.user.click(await screen.findByRole("menuitem", { name: "Rotate" }));
  await screen.findByRole("button", { name: "Rotate" });
  return screen.getByRole("dialog", { name: "Rotate Robot 1" });
}

const rotate = (view: View) => view.user.click(screen.getByRole("button", { name: "Rotate" }));
const done = () => screen.findByRole("dialog", { name: "Robot 1 has a new value" });

afterEach(() => act(() => notifications.clean()));

describe("Rotation", () => {
  test("The previous value expires in 24 hours unless another time is chosen", async () => {
    const view = open();
    await ask(view);
    expect(screen.getByRole("radio", { name: "In 24 hours" })).toBeChecked();
    await view.user.click(screen.getByRole("radio", { name: "In 3 days" }));
    await rotate(view);
    expect(await done()).toHaveTextContent("Both values work until");
    expect(view.server.lastVariables("RotateApiToken")).toEqual({
      input: { id: "TKN-1234-0001", overlapSeconds: 259_200, version: 1 },
    });
  });

  test("Rotation from the list can expire the previous value immediately", async () => {
    const view = open({}, "/settings/api-tokens");
    const dialog = await ask(view);
    await view.user.click(screen.getByRole("radio", { name: "Now" }));
    expect(dialog).toHaveTextContent("Programs still using the previous value will be denied immediately.");
    await rotate(view);
    expect(await done()).toHaveTextContent("Only the new value works.");
    expect(view.server.lastVariables("RotateApiToken")).toMatchObject({ input: { overlapSeconds: 0 } });
  });

  test("The new value is shown only on request and never stored", async () => {
    const view = open();
    await ask(view);
    const written = jest.spyOn(view.client.cache, "write");
    await rotate(view);
    const dialog = await done();
    const { value } = tokenOf(view);
    const nowhere = () => {
      expect(document.documentElement.outerHTML).not.toContain(value);
      expect(JSON.stringify(view.client.extract())).not.toContain(value);
      expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(value);
    };
    nowhere();
    await view.user.click(within(dialog).getByRole("button", { name: "Copy API token" }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toBe(value));
    await view.user.click(within(dialog).getByRole("button", { name: "Show API token" }));
    expect(await screen.findByText(value)).toBeVisible();
    await view.user.click(within(dialog).getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    nowhere();
    expect(JSON.stringify(written.mock.calls)).not.toContain(value);
    expect(view.server.lastVariables("RevealApiToken")).toBeUndefined();
    // The page updates without being reloaded.
    expect(await screen.findByRole("region", { name: "Rotation" })).toBeVisible();
    await view.user.click(screen.getByRole("tab", { name: "Details" }));
    expect(await screen.findByRole("row", { name: /Rotated.*Sarah Sanderson/ })).toBeVisible();
  });

  test("A second rotation warns that the previous value is revoked immediately", async () => {
    const view = open({ previousValueExpiresAt: ago(-20 * hour), rotatedAt: ago(4 * hour) });
    expect(await ask(view)).toHaveTextContent("Rotating again revokes it immediately.");
  });

  test("An auditor cannot rotate a token or revoke its previous value", async () => {
    renderApp(path, { tokens: [makeToken(1, { previousValueExpiresAt: ago(-hour) })], role: "AUDITOR" });
    expect(await screen.findByRole("region", { name: "Rotation" })).toBeVisible();
    expect(screen.queryByRole("button", { name: /Revoke now|Actions/ })).not.toBeInTheDocument();
  });
});

describe("Rotation errors", () => {
  test("A rotation whose response is lost shows the new value without rotating again", async () => {
    const view = open();
    await ask(view);
    view.server.trouble("RotateApiToken", "lost");
    await rotate(view);
    const dialog = await done();
    await view.user.click(within(dialog).getByRole("button", { name: "Show API token" }));
    expect(await screen.findByText(tokenOf(view).value)).toBeVisible();
    expect(rotations(view)).toHaveLength(1);
  });

  test("A rotation that did not happen can be retried", async () => {
    const view = open();
    await ask(view);
    view.server.trouble("RotateApiToken", "offline");
    await rotate(view);
    expect(await screen.findByRole("alert")).toHaveTextContent("The value wasn’t replaced.");
    view.server.heal();
    await view.user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await done()).toBeVisible();
  });

  test("A rotation with an unknown outcome is checked before it can be retried", async () => {
    const view = open();
    await ask(view);
    view.server.trouble("RotateApiToken", "lost");
    view.server.trouble("ApiTokenRotation", "offline");
    await rotate(view);
    expect(await screen.findByRole("alert")).toHaveTextContent("It’s unclear whether the value was replaced.");
    expect(screen.queryByRole("button", { name: /Rotate|Try again/ })).not.toBeInTheDocument();
    view.server.heal();
    await view.user.click(screen.getByRole("button", { name: "Check" }));
    expect(await done()).toBeVisible();
    expect(rotations(view)).toHaveLength(1);
  });

  test("Rotating a deleted token shows an error and cannot be retried", async () => {
    const view = open();
    await ask(view);
    view.server.state.tokens = [];
    await rotate(view);
    expect(await screen.findByRole("alert")).toHaveTextContent("No such API token.");
    expect(screen.queryByRole("button", { name: /Rotate|Try again/ })).not.toBeInTheDocument();
  });
});

describe("Rotation notice", () => {
  const rotated = { previousValueExpiresAt: ago(-23.5 * hour), rotatedAt: ago(hour / 2), lastAccessAt: ago(60_000) };
  const notice = () => screen.findByRole("region", { name: "Rotation" });

  test.each([
    [
      "nothing uses the new value yet",
      { previousValueLastAccessAt: ago(60_000) },
      "Nothing has used the new value yet",
    ],
    [
      "the previous value is still used",
      { previousValueLastAccessAt: ago(120_000), currentValueLastAccessAt: ago(60_000) },
      "The previous value has been used since the rotation.",
    ],
    [
      "the previous value is no longer used",
      { previousValueLastAccessAt: ago(hour), currentValueLastAccessAt: ago(60_000) },
      "You can revoke it.",
    ],
  ])("The notice gives advice when %s", async (_, uses, advice) => {
    open({ ...rotated, ...uses });
    expect(await notice()).toHaveTextContent(/The previous value works until .+ \(in 23 hours\)/);
    expect(await notice()).toHaveTextContent(advice);
  });

  test("The notice shows when each value was last used", async () => {
    open({ ...rotated, previousValueLastAccessAt: ago(2.5 * hour), currentValueLastAccessAt: ago(5.5 * hour) });
    expect(await notice()).toHaveTextContent(/New value last used5 hours ago/);
    expect(await notice()).toHaveTextContent(/Previous value last used2 hours ago/);
  });

  test("Revoking the previous value asks first and removes the notice", async () => {
    const view = open({ ...rotated, previousValueLastAccessAt: ago(60_000) });
    await view.user.click(within(await notice()).getByRole("button", { name: "Revoke now" }));
    const dialog = await screen.findByRole("dialog", { name: "Revoke the previous value of Robot 1?" });
    expect(dialog).toHaveTextContent("Nothing has used the new value yet");
    await view.user.click(within(dialog).getByRole("button", { name: "Revoke now" }));
    expect(await screen.findByText("The previous value of Robot 1 is revoked.")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("region", { name: "Rotation" })).not.toBeInTheDocument());
    expect(tokenOf(view).previousValueExpiresAt).toBeNull();
  });
});

test("A token with one value shows no rotation notice", async () => {
  open();
  await screen.findByRole("heading", { name: "First call" });
  expect(screen.queryByRole("region", { name: "Rotation" })).not.toBeInTheDocument();
});
