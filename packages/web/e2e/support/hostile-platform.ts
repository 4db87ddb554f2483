import { openDatabase } from "./alter-record";
import { applyPlatform } from "./apply-platform";
import { password } from "./hallpass";
import { hostileMarks, hostileNames } from "./hostile-texts";

const id = (kind: string, number: number) => `${kind}-6666-${String(number).padStart(4, "0")}`;
const [override = "", brackets = "", coloured = ""] = hostileMarks;
const modules = [...hostileMarks, ...hostileNames.slice(0, 10)].map((text, index) => ({
  id: `MOD-${7000 + index}`,
  name: text,
  description: text.repeat(4),
}));

/** An administrator whose name, accounts and modules are hostile texts. */
export const mallory = "mallory@evil.example";
export const malloryId = id("USR", 1);
export const hostileModules = modules.map((module) => module.id);

const accounts = [brackets, ...hostileMarks, ...hostileNames.slice(0, 4)].map((name, index) => ({
  id: id("ACC", index + 1),
  name,
  type: "CLIENT",
  modules: ["MOD-1255", "MOD-1290", ...hostileModules],
}));

const others = [override, coloured, ...hostileNames.slice(0, 2)].map((name, index) => ({
  id: id("USR", index + 2),
  name,
  email: `other${index}@evil.example`,
  password,
  roles: { [id("ACC", 1)]: "AUDITOR" },
}));

const platform = {
  modules: [{ id: "MOD-1255", name: "Access management" }, { id: "MOD-1290", name: "Audit" }, ...modules],
  accounts,
  users: [
    {
      id: malloryId,
      name: brackets,
      email: mallory,
      password,
      roles: Object.fromEntries(accounts.map((account) => [account.id, "ADMIN"])),
    },
    ...others,
  ],
};

const isMarked = ({ name }: { name: string }) => hostileMarks.includes(name);
const withoutMarks = <Row extends { id: string; name: string }>(row: Row): Row =>
  isMarked(row) ? { ...row, name: row.id, description: undefined } : row;

export async function applyHostilePlatform(dataDir: string): Promise<void> {
  await applyPlatform(dataDir, {
    modules: platform.modules.map(withoutMarks),
    accounts: platform.accounts.map(withoutMarks),
    users: platform.users.map(withoutMarks),
  });
  writeMarks(dataDir);
}

/** Writes the names no platform file may contain, as an attacker with database access could. */
function writeMarks(dataDir: string): void {
  const database = openDatabase(dataDir);
  for (const { id, name, description } of modules.filter(isMarked))
    database.prepare("UPDATE module SET name = ?, description = ? WHERE id = ?").run(name, description, id);
  for (const { id, name } of accounts.filter(isMarked))
    database.prepare("UPDATE account SET name = ? WHERE id = ?").run(name, id);
  for (const { id, name } of platform.users.filter(isMarked))
    database.prepare('UPDATE "user" SET name = ? WHERE id = ?').run(name, id);
  database.close();
}
