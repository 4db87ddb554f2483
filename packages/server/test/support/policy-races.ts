import fc from "fast-check";
import { type Client, type Data, mutations } from "./client.js";
import { modules, people } from "./platform.js";
import type { TestServer } from "./test-server.js";

// People and programs who change tokens while the account's policy changes. The trail is in the order of storage, so
// none of its records may break the policy of that point.

const rules = [
  "maxLifetimeDays",
  "expiryRequired",
  "ipRangesRequired",
  "valuesShownOnce",
  "recentSignInRequired",
] as const;
type Rule = (typeof rules)[number];

export const anyPolicyChange = fc.record({ rule: fc.constantFrom(...rules), isOn: fc.boolean() });
type PolicyChange = typeof anyPolicyChange extends fc.Arbitrary<infer T> ? T : never;

const dayMs = 86_400_000;
const maxLifetimeDays = 30;
const soon = new Date(Date.now() + 5 * dayMs).toISOString();
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
    const longAgo = await this.server.signIn("consultant");
    await this.server.sql("UPDATE session SET authenticated_at = NULL WHERE user_id = ?", [people.consultant.id]);
    const busy = [person, person.copy(), longAgo, this.server.program(value)].map((client) =>
      this.keepChanging(client),
    );
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
        [
          "createApiToken",
          { name: `Name ${number}`, moduleIds: [modules.accessManagement], expiresAt: soon, ipRanges },
        ],
        ["updateApiToken", { id, expiresAt: soon }],
        ["rotateApiToken", { id, overlapSeconds: 0 }],
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
    const { userErrors } = await this.administrator.mutate("updateAccountPolicy", { [rule]: settingOf(rule, isOn) });
    if (userErrors.length > 0) throw new Error(`The policy was not changed: ${JSON.stringify(userErrors)}`);
  }

  /** Records that break the policy at that point. */
  judge(trail: Data[]): string[] {
    const faults: string[] = [];
    let policy: Data = {};
    for (const record of trail) {
      const { event, sequence, details } = record;
      const { after = {} } = JSON.parse(details) as Data;
      if (event === "account.policy_changed") policy = { ...policy, ...after };
      const broken = brokenBy(record, after).filter((rule) => policy[rule]);
      if (broken.length > 0) faults.push(`Record ${sequence}, ${event}, breaks ${broken}`);
    }
    return faults;
  }
}

const settingOf = (rule: Rule, isOn: boolean) => (rule === "maxLifetimeDays" ? (isOn ? maxLifetimeDays : null) : isOn);

/** Of what the policy can require a recent sign-in for. */
const sensitive = ["api_token.created", "api_token.revealed", "api_token.rotated"];

/** Rules that the record breaks if they are on. */
function brokenBy({ event, actor, at }: Data, after: Data): Rule[] {
  const isCreated = event === "api_token.created";
  const sets = (field: string) => isCreated || (event === "api_token.updated" && field in after);
  const latest = new Date(at).getTime() + (maxLifetimeDays + 1) * dayMs;
  const isLate = !after.expiresAt || new Date(after.expiresAt).getTime() > latest;
  const broken: Record<Rule, boolean> = {
    maxLifetimeDays: sets("expiresAt") && isLate,
    expiryRequired: sets("expiresAt") && !after.expiresAt,
    ipRangesRequired: sets("ipRanges") && !after.ipRanges?.length,
    valuesShownOnce: event === "api_token.revealed",
    recentSignInRequired: sensitive.includes(event) && actor?.id === people.consultant.id,
  };
  return rules.filter((rule) => broken[rule]);
}
