import { notifications } from "@mantine/notifications";
import { act, screen, waitFor } from "@testing-library/react";
import { makeToken, makeTokens } from "../../../test/factories";
import { renderApp } from "../../../test/render-app";

afterEach(() => act(() => notifications.clean()));

/** The files that the page saves. */
function savedFiles(): Blob[] {
  const files: Blob[] = [];
  URL.createObjectURL = (file) => {
    files.push(file as Blob);
    return "blob:";
  };
  URL.revokeObjectURL = () => undefined;
  jest.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  return files;
}

describe("Export of the list", () => {
  test("The file has all pages of the filtered list, in its order, with the columns on screen", async () => {
    const files = savedFiles();
    const tokens = [
      ...makeTokens(250).map((token) => ({ ...token, status: "ACTIVE" as const })),
      makeToken(300, { status: "DISABLED" }),
      makeToken(301, { name: '=HYPERLINK("evil")', description: "one, two" }),
    ];
    const query = "filter=status.anyOf(ACTIVE)&sort=-createdAt&columns=name,description,modules,status,actions";
    const { user, server } = renderApp(`/settings/api-tokens?${query}`, { tokens });
    await user.click(await screen.findByRole("button", { name: "Export" }));
    expect(await screen.findByText("Exported 251 API tokens.")).toBeVisible();
    const lines = (await textOf(files[0])).split("\r\n");
    expect(lines).toHaveLength(253);
    expect(lines[0]).toBe("\uFEFFID,API token,Description,Modules,Status");
    expect(lines[1]).toBe(`TKN-1234-0301,"'=HYPERLINK(""evil"")","one, two",MOD-1255 Access management,ACTIVE`);
    expect(lines[251]).toMatch(/^TKN-1234-0001,Robot 1,,/);
    const pages = server.requests.filter(({ operation }) => operation === "ExportedApiTokens");
    expect(pages).toHaveLength(3);
  });

  test("An export that fails halfway saves nothing and says why", async () => {
    const files = savedFiles();
    const { user, server } = renderApp("/settings/api-tokens");
    await screen.findByRole("link", { name: "Robot 28" });
    server.trouble("ExportedApiTokens", "offline");
    await user.click(screen.getByRole("button", { name: "Export" }));
    expect(await screen.findByText("Couldn’t export the API tokens")).toBeVisible();
    expect(files).toEqual([]);
    await waitFor(() => expect(screen.getByRole("button", { name: "Export" })).not.toHaveAttribute("aria-disabled"));
  });
});

function textOf(file: Blob | undefined): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(new TextDecoder("utf-8", { ignoreBOM: true }).decode(reader.result as ArrayBuffer));
    reader.readAsArrayBuffer(file as Blob);
  });
}
