import type { Client } from "../support/client.js";
import { accounts, people, platformWithRoles, testPlatform } from "../support/platform.js";
import { useServer } from "../support/test-server.js";

interface View {
  id: string;
  list: string;
  name: string;
  query: string;
  shared: boolean;
  isDefault: boolean;
}

const tokens = { list: "API_TOKENS", query: "sort=-name" };
const onlyAdministrators = {
  code: "INVALID",
  field: ["shared"],
  message: "Only administrators can share views or change shared ones.",
};
const notFound = { code: "NOT_FOUND", field: ["id"], message: "View not found." };
const sameName = { code: "INVALID", field: ["name"], message: "A view with this name already exists." };

const viewsOf = async (client: Client): Promise<View[]> =>
  (await client.data("{ viewer { savedViews { id list name query shared isDefault } } }")).viewer.savedViews;
const namesOf = async (client: Client) => (await viewsOf(client)).map(({ name }) => name);

async function save(client: Client, input: Partial<View> = {}): Promise<View> {
  const { savedView, userErrors } = await client.mutate("createSavedView", { ...tokens, name: "Nightly", ...input });
  expect(userErrors).toEqual([]);
  return savedView;
}
const faultsOf = async (client: Client, mutation: string, input: object) =>
  (await client.mutate(mutation, input)).userErrors;

describe("Saved views", () => {
  const server = useServer();
  let admin: Client;
  let auditor: Client;
  beforeEach(async () => {
    await server().sql("DELETE FROM saved_view");
    admin = await server().as("admin");
    auditor = await server().as("auditor");
  });

  test("A view is its owner’s alone until it is shared with the account", async () => {
    const view = await save(admin, { name: "  Nightly jobs  ", query: "filter=name:contains:night&sort=-name" });
    const saved = {
      id: view.id,
      list: "API_TOKENS",
      name: "Nightly jobs",
      query: "filter=name:contains:night&sort=-name",
    };
    expect(view).toEqual({ ...saved, shared: false, isDefault: false });
    expect(await viewsOf(admin)).toEqual([view]);
    expect(await viewsOf(auditor)).toEqual([]);

    expect(await faultsOf(admin, "updateSavedView", { id: view.id, shared: true })).toEqual([]);
    expect(await viewsOf(auditor)).toEqual([{ ...saved, shared: true, isDefault: false }]);
    expect(await viewsOf(await server().as("vendorAdmin"))).toEqual([]);
  });

  test("A person’s views stay in the account where they were saved", async () => {
    const consultant = await server().signIn("consultant");
    const [client, vendor] = [accounts.client, accounts.vendor].map((id) =>
      consultant.copy({ "Hallpass-Account": id }),
    );
    await save(vendor as Client);
    expect(await namesOf(vendor as Client)).toEqual(["Nightly"]);
    expect(await namesOf(client as Client)).toEqual([]);
  });

  test("An auditor has private views, but cannot share one or change a shared one", async () => {
    const own = await save(auditor);
    const shared = await save(admin, { name: "Everyone’s", shared: true });
    for (const [mutation, input] of [
      ["createSavedView", { ...tokens, name: "Mine for all", shared: true }],
      ["updateSavedView", { id: own.id, shared: true }],
      ["updateSavedView", { id: shared.id, name: "Renamed" }],
      ["updateSavedView", { id: shared.id, shared: false }],
      ["deleteSavedView", { id: shared.id }],
    ] as const)
      expect(await faultsOf(auditor, mutation, input)).toEqual([onlyAdministrators]);
    expect(await viewsOf(auditor)).toEqual([shared, own]);
  });

  test("Another person’s view is not found", async () => {
    const { id } = await save(auditor);
    for (const client of [admin, await server().as("vendorAdmin")]) {
      expect(await faultsOf(client, "updateSavedView", { id, name: "Mine now" })).toEqual([notFound]);
      expect(await faultsOf(client, "updateSavedView", { id, isDefault: true })).toEqual([notFound]);
      expect(await faultsOf(client, "deleteSavedView", { id })).toEqual([notFound]);
    }
    expect(await namesOf(auditor)).toEqual(["Nightly"]);
  });

  test("A view is renamed, replaced and deleted", async () => {
    const { id } = await save(admin);
    const { savedView } = await admin.mutate("updateSavedView", { id, name: "Weekly", query: "rows=50" });
    expect(savedView).toMatchObject({ name: "Weekly", query: "rows=50" });
    expect(await viewsOf(admin)).toEqual([savedView]);
    expect(await admin.mutate("deleteSavedView", { id })).toEqual({ deletedId: id, userErrors: [] });
    expect(await viewsOf(admin)).toEqual([]);
  });

  test("Each person has one default view for each list", async () => {
    const first = await save(admin, { name: "First" });
    const second = await save(admin, { name: "Second", shared: true });
    const ofTrail = await save(admin, { name: "First", list: "AUDIT_TRAIL" });
    const defaultsOf = async (client: Client) =>
      (await viewsOf(client)).filter(({ isDefault }) => isDefault).map(({ list, name }) => `${list} ${name}`);
    for (const { id } of [first, ofTrail, second]) await admin.mutate("updateSavedView", { id, isDefault: true });
    expect(await defaultsOf(admin)).toEqual(["AUDIT_TRAIL First", "API_TOKENS Second"]);
    await auditor.mutate("updateSavedView", { id: second.id, isDefault: true });
    await admin.mutate("updateSavedView", { id: second.id, isDefault: false });
    expect(await defaultsOf(admin)).toEqual(["AUDIT_TRAIL First"]);
    expect(await defaultsOf(auditor)).toEqual(["API_TOKENS Second"]);
  });

  test("A view that is no longer shared is gone for the others, and so is their default", async () => {
    const { id } = await save(admin, { shared: true });
    await auditor.mutate("updateSavedView", { id, isDefault: true });
    await admin.mutate("updateSavedView", { id, shared: false });
    expect(await viewsOf(auditor)).toEqual([]);
    await admin.mutate("updateSavedView", { id, shared: true });
    expect(await viewsOf(auditor)).toMatchObject([{ id, isDefault: false }]);
  });

  test("Names are unique among a person’s own and among the shared views of a list", async () => {
    await save(admin);
    await save(admin, { list: "AUDIT_TRAIL" });
    await save(auditor);
    await save(admin, { shared: true });
    expect(await faultsOf(admin, "createSavedView", { ...tokens, name: "NIGHTLY" })).toEqual([sameName]);
    const other = await save(admin, { name: "Other" });
    expect(await faultsOf(admin, "updateSavedView", { id: other.id, name: "Nightly" })).toEqual([sameName]);
    expect(await faultsOf(admin, "updateSavedView", { id: other.id, name: "OTHER" })).toEqual([]);
  });

  test.each([
    ["an empty name", { name: " " }, "REQUIRED", "Enter a name."],
    ["a long name", { name: "x".repeat(61) }, "TOO_LONG", "The name can be up to 60 characters."],
    [
      "a name that cannot be displayed",
      { name: "a\u202eb" },
      "INVALID",
      "The name contains characters that cannot be displayed.",
    ],
    ["a long query", { query: "x".repeat(4_001) }, "TOO_LONG", "The query can be up to 4,000 characters."],
    ["a whole URL", { query: "?q=x" }, "INVALID", "Leave out the question mark."],
  ])("A view with %s is rejected", async (_, part, code, message) => {
    const [field] = Object.keys(part);
    const faults = await faultsOf(admin, "createSavedView", { ...tokens, name: "Nightly", ...part });
    expect(faults).toEqual([{ code, field: [field], message }]);
    expect(await viewsOf(admin)).toEqual([]);
  });

  test("A person can save up to 50 views, and an account can share as many", async () => {
    for (let index = 0; index < 50; index++) await save(admin, { name: `View ${index}` });
    const full = [{ code: "LIMIT_REACHED", field: [], message: "There can be up to 50 views. Delete one first." }];
    expect(await faultsOf(admin, "createSavedView", { ...tokens, name: "One more" })).toEqual(full);
    await save(admin, { shared: true });
    await save(auditor);
    expect(await viewsOf(admin)).toHaveLength(51);
  });

  test("A person who leaves takes their own views along and leaves the shared ones", async () => {
    const consultant = (await server().signIn("consultant")).copy({ "Hallpass-Account": accounts.client });
    await save(consultant, { name: "Mine" });
    await save(consultant, { name: "Ours", shared: true });
    const platform = testPlatform();
    platform.users = platform.users.filter(({ id }) => id !== people.consultant.id);
    await server().apply(platform, { prune: true });
    expect(await server().sql("SELECT name FROM saved_view")).toEqual([{ name: "Ours" }]);
    await server().apply(testPlatform());
  });

  test("A person whose role has been removed cannot save a view", async () => {
    const consultant = (await server().signIn("consultant")).copy({ "Hallpass-Account": accounts.vendor });
    const { id } = await save(consultant);
    await server().apply(platformWithRoles("consultant", { [accounts.client]: "ADMIN" }));
    for (const [mutation, input] of [
      ["createSavedView", { ...tokens, name: "Later" }],
      ["updateSavedView", { id, name: "Later" }],
      ["deleteSavedView", { id }],
    ] as const)
      await expect(consultant.mutate(mutation, input)).rejects.toThrow("FORBIDDEN");
    await server().apply(testPlatform());
  });
});
