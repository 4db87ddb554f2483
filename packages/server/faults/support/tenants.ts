import { randomInt } from "node:crypto";
import { parsePlatform } from "../../src/features/platform/platform-file.js";
import { Client } from "../../test/support/client.js";
import { password } from "../../test/support/platform.js";

/** An account whose names all have its canary in them: a word that nobody else may ever be answered. */
export interface Tenant {
  account: string;
  canary: string;
  people: { id: string; email: string }[];
}

export const modules = ["MOD-1255", "MOD-1290", "MOD-1310", "MOD-1320"];
const letters = "abcdefghijklmnopqrstuvwxyz";
const word = () => Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join("");

export function newTenants(count: number, peopleEach: number): Tenant[] {
  return Array.from({ length: count }, (_, index) => ({
    account: `ACC-3000-000${index}`,
    canary: `canary-${word()}`,
    people: Array.from({ length: peopleEach }, (_each, person) => ({
      id: `USR-3000-0${index}0${person}`,
      email: `admin${person}@tenant${index}.example`,
    })),
  }));
}

export function platformOf(tenants: Tenant[]): object {
  return parsePlatform({
    modules: modules.map((id) => ({ id, name: `Module ${id}` })),
    accounts: tenants.map(({ account, canary }) => ({
      id: account,
      name: `Account ${canary}`,
      type: "CLIENT",
      modules,
    })),
    users: tenants.flatMap(({ account, canary, people }) =>
      people.map((person) => ({ ...person, name: `Person ${canary}`, password, roles: { [account]: "ADMIN" } })),
    ),
  });
}

/** Signs in; gives the client and the session's cookie, which is a secret as well. */
export async function signIn(url: string, email: string): Promise<Client> {
  const client = new Client(url);
  const { userErrors } = await client.mutate("signIn", { email, password });
  if (userErrors.length > 0) throw new Error(`${email} cannot sign in: ${JSON.stringify(userErrors)}`);
  return client;
}

/** Every canary in a text that is not the tenant's own. */
export function strangersIn(text: string, { canary }: Tenant): string[] {
  return (text.match(/canary-[a-z]{12}/g) ?? []).filter((each) => each !== canary);
}
