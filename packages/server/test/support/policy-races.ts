import fc from "fast-check";
import { type Client, type Data, mutations } from "./client.js";
import { modules, people } from "./platform.js";
import type { TestServer } from "./test-server.js";

// People and programs who change tokens while the account's policy changes. The trail is in the order of storage, so
// none of its records may break the policy of that point.

const rules = ["expiryRequired", "ipRangesRequired", "valuesShownOnce"] as const;
type Rule = (typeof rules)[number];

export const anyPolicyChange = fc.record({ rule: fc.constantFrom(...rules), isOn: fc.boolean() });
type PolicyChange = typeof anyPolicyChange extends fc.Arbitrary<infer T> ? T : never;

const expiresAt = "2099-01-01T00:00:00.000Z";
const ipRanges = ["192.0.2.0/24"];

export class PolicyRace {
  readonly answers = { done: 0, refused: 0 };
  private ended = false;
  private requests = 0;
  private readonly ids: string[] = [];

  constructor(
    private readonly server: TestServer,
    private readonly administrator: Client,
  ) {}

  async play(changes: PolicyChange[]): Promise<void> {
    for (const rule of rules) await this.set({ rule, isOn: false });
    const { value } = await this.server.createToken({ moduleIds: [modules.accessManagement] }, this.administrator);
    const person = await this.server.signIn("admin");
    for (let index = 0; index < 3; index++)
      this.ids.push((await this.server.createToken({ expiresAt, ipRanges }, person)).id);
    const busy = [person, person.copy(), this.server.program(value)].map((client) => this.keepChanging(client));
    for (const change of changes) await this.set(change);
    this.ended = true;
    await Promise.all(busy);
    for (const rule of rules) await this.set({ rule, isOn: false });
  }

  private async keepChanging(client: Client): Promise<void> {
    while (!this.ended) {
      const number = ++this.requests;
      const id = this.ids[number % this.ids.length];
      const requests: [mutation: string, input: object][] = [
        ["createApiToken", { name: `Name ${number}`, moduleIds: [modules.accessManagement], ipRanges }],
        ["createApiToken", { name: `Name ${number}`, moduleIds: [modules.accessManagement], expiresAt }],
        ["updateApiToken", { id, expiresAt: null }],
        ["updateApiToken", { id, ipRanges: [] }],
        ["revealApiToken", { id, purpose: "SHOW" }],
        ["updateApiToken", { id, expiresAt, ipRanges }],
      ];
      const [mutation, input] = requests[number % requests.length] ?? ["", {}];
      await this.server.app.revealLimits.perPerson.reset(people.admin.id);
      await this.server.app.revealLimits.perAddress.reset(client.address);
      const { data } = await client.ask(mutations[mutation] ?? "", { input });
      const payload = data?.[mutation];
      if (payload) this.answers[payload.userErrors.length > 0 ? "refused" : "done"]++;
    }
  }

  private async set({ rule, isOn }: PolicyChange): Promise<void> {
    const { userErrors } = await this.administrator.mutate("updateAccountPolicy", { [rule]: isOn });
    if (userErrors.length > 0) throw new Error(`The policy was not changed: ${JSON.stringify(userErrors)}`);
  }

  /** Records that break the policy at that point. */
  judge(trail: Data[]): string[] {
    const faults: string[] = [];
    let policy: Data = {};
    for (const { event, sequence, details } of trail) {
      const { after = {} } = JSON.parse(details) as Data;
      if (event === "account.policy_changed") policy = { ...policy, ...after };
      const broken = brokenBy(event, after).filter((rule) => policy[rule]);
      if (broken.length > 0) faults.push(`Record ${sequence}, ${event}, breaks ${broken}`);
    }
    return faults;
  }
}

/** Rules that the record breaks if they are on. */
function brokenBy(event: string, after: Data): Rule[] {
  if (event === "api_token.revealed") return ["valuesShownOnce"];
  const isCreated = event === "api_token.created";
  if (!isCreated && event !== "api_token.updated") return [];
  const sets = (field: string) => isCreated || field in after;
  return [
    ...(sets("expiresAt") && !after.expiresAt ? (["expiryRequired"] as const) : []),
    ...(sets("ipRanges") && !after.ipRanges?.length ? (["ipRangesRequired"] as const) : []),
  ];
}
