import { randomInt } from "node:crypto";
import { parsePlatform } from "../../src/features/platform/platform-file.js";
import { Client } from "../../test/support/client.js";
import { password } from "../../test/support/platform.js";

/** An account with its canary in all names: a word that no other tenant may ever receive. */
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

/** Signs in and returns the client with the session's cookie. */
export async function signIn(url: string, email: string): Promise<Client> {
  const client = new Client(url);
  const { userErrors } = await client.mutate("signIn", { email, password });
  if (userErrors.length > 0) throw new Error(`${email} cannot sign in: ${JSON.stringify(userErrors)}`);
  return client;
}

/** All canaries of other tenants in a text. */
export function strangersIn(text: string, { canary }: Tenant): string[] {
  return (text.match(/canary-[a-z]{12}/g) ?? []).filter((each) => each !== canary);
}
