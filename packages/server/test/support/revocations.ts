import fc from "fast-check";
import { type Client, type Data, mutations } from "./client.js";
import { slowLogo } from "./logo.js";
import { modules, people } from "./platform.js";
import type { TestServer } from "./test-server.js";

// Actors who change tokens while their access is revoked and restored. The trail is in the order of storage, so none
// of its records may be by an actor without access at that point.

/** A revocation and the index of its actor. */
export const anyRevocation = fc.record({
  how: fc.constantFrom("DISABLE", "ENABLE", "NARROW", "WIDEN", "ROTATE", "SIGN_OUT"),
  whom: fc.nat(3),
});
export type Revocation = typeof anyRevocation extends fc.Arbitrary<infer T> ? T : never;

const wide = [modules.accessManagement, modules.catalogue];

export class RevokedActors {
  private ended = false;
  private requests = 0;
  private logo = "";
  private readonly ids: string[] = [];
  /** Programs with a token, and people with a session whose user agent identifies it in the trail. */
  private readonly programs: { id: string; client: Client }[] = [];
  private readonly sessions: { agent: string; client: Client }[] = [];

  constructor(
    private readonly server: TestServer,
    private readonly revoker: Client,
  ) {}

  async play(revocations: Revocation[]): Promise<void> {
    this.logo = await slowLogo(500);
    for (const agent of ["first session", "second session"]) this.sessions.push(await this.openSession(agent));
    for (let index = 0; index < 2; index++) {
      const { id, value } = await this.server.createToken({ moduleIds: wide }, this.revoker);
      this.programs.push({ id, client: this.server.program(value) });
    }
    for (let index = 0; index < 3; index++) this.ids.push((await this.server.createToken({}, this.revoker)).id);
    const busy = [...this.programs, ...this.sessions].map((actor) => this.keepChanging(actor));
    for (const revocation of revocations) await this.revoke(revocation);
    this.ended = true;
    await Promise.all(busy);
  }

  private async openSession(agent: string) {
    const client = this.server.nobody().with({ "User-Agent": agent });
    await client.mutate("signIn", { email: people.admin.email, password: "correct horse battery" });
    return { agent, client };
  }

  /** Several requests at once, so that some are always in flight. */
  private async keepChanging(actor: { client: Client }): Promise<void> {
    const lane = async () => {
      while (!this.ended) {
        const id = this.ids[this.requests % this.ids.length];
        const name = `Name ${++this.requests}`;
        const [mutation, input] = (
          [
            ["updateApiToken", { id, name }],
            ["createApiToken", { name, moduleIds: [modules.catalogue], icon: this.logo }],
            ["updateApiToken", { id, name, description: name }],
          ] as const
        )[this.requests % 3] as [string, object];
        await actor.client.ask(mutations[mutation] ?? "", { input });
      }
    };
    await Promise.all([lane(), lane()]);
  }

  private async revoke({ how, whom }: Revocation): Promise<void> {
    if (how === "SIGN_OUT") {
      const index = whom % this.sessions.length;
      const session = this.sessions[index];
      if (!session) return;
      await session.client.copy().data(mutations.signOut ?? "");
      // The lanes continue with the new cookie.
      const { client } = await this.openSession(session.agent);
      for (const [name, value] of client.cookies) session.client.cookies.set(name, value);
      return;
    }
    const { id = "" } = this.programs[whom % this.programs.length] ?? {};
    const ask = (mutation: string, more: object = {}) =>
      this.revoker.ask(mutations[mutation] ?? "", { input: { id, ...more } });
    if (how === "DISABLE") await ask("disableApiToken");
    else if (how === "ENABLE") await ask("enableApiToken");
    else if (how === "NARROW") await ask("updateApiToken", { moduleIds: [modules.catalogue] });
    else if (how === "WIDEN") await ask("updateApiToken", { moduleIds: wide });
    else await ask("rotateApiToken", { overlapSeconds: 0 });
  }

  /** Records by actors without access when they were stored, and the number of all records by actors. */
  judge(trail: Data[]): { faults: string[]; records: number } {
    const faults: string[] = [];
    let records = 0;
    const denied = new Map<string, Set<string>>(this.programs.map(({ id }) => [id, new Set()]));
    const signedOut = new Set<string>();
    for (const { event, objectId, actor, userAgent, sequence, details } of trail) {
      const why = denied.get(actor?.id) ?? new Set(signedOut.has(userAgent) ? ["signed out"] : []);
      if (event === "user.signed_in") signedOut.delete(userAgent);
      else if (why.size > 0) faults.push(`Record ${sequence}, ${event}, is by ${actor.name}, who was ${[...why]}`);
      if (denied.has(actor?.id) || userAgent?.endsWith(" session")) records++;
      if (event === "user.signed_out") signedOut.add(userAgent);
      takeAccess(denied.get(objectId), event, JSON.parse(details));
    }
    return { faults, records };
  }
}

function takeAccess(why: Set<string> | undefined, event: string, { after }: Data): void {
  if (event === "api_token.disabled") why?.add("disabled");
  if (event === "api_token.enabled") why?.delete("disabled");
  if (event === "api_token.rotated") why?.add("rotated");
  if (event !== "api_token.updated" || !after?.moduleIds) return;
  if (after.moduleIds.includes(modules.accessManagement)) why?.delete("without the module");
  else why?.add("without the module");
}
