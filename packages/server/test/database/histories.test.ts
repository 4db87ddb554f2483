import fc from "fast-check";
import { mutations } from "../support/client.js";
import { type Actor, anyStep, History } from "../support/history.js";
import { modules, type Person, people } from "../support/platform.js";
import { anyPolicyChange, PolicyRace } from "../support/policy-races.js";
import { propertyRuns } from "../support/property-runs.js";
import { anyRevocation, RevokedActors } from "../support/revocations.js";
import { useServer } from "../support/test-server.js";

// Whatever several people and programs do at once, their responses match one order of events, that of the audit
// trail, and the life-cycle model.

const histories = propertyRuns(4);

describe("Revoked access", () => {
  const server = useServer();

  test(
    "No history has a record by an actor whose access has ended",
    async () => {
      const counts = { histories: 0, records: 0 };
      const revocations = fc.array(anyRevocation, { minLength: 3, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(revocations, async (taken) => {
          const revoker = await server().signIn("otherAdmin");
          const actors = new RevokedActors(server(), revoker);
          await actors.play(taken);
          const { faults, records } = actors.judge(await server().trail(revoker));
          expect(faults).toEqual([]);
          counts.histories++;
          counts.records += records;
        }),
        { numRuns: Math.ceil(histories / 3), endOnFailure: true },
      );
      expect(counts.records).toBeGreaterThan(histories);
      if (process.env.HALLPASS_PROPERTY_RUNS) process.stderr.write(`${JSON.stringify(counts)}\n`);
    },
    60_000 + histories * 4_000,
  );
});

describe("A policy that changes", () => {
  const server = useServer();

  test(
    "No history has a change that broke the policy of its moment",
    async () => {
      const counts = { histories: 0, done: 0, refused: 0 };
      const changes = fc.array(anyPolicyChange, { minLength: 6, maxLength: 20 });
      await fc.assert(
        fc.asyncProperty(changes, async (taken) => {
          const administrator = await server().signIn("otherAdmin");
          const race = new PolicyRace(server(), administrator);
          await race.play(taken);
          expect(race.judge(await server().trail(administrator))).toEqual([]);
          counts.histories++;
          counts.done += race.answers.done;
          counts.refused += race.answers.refused;
        }),
        { numRuns: histories, endOnFailure: true },
      );
      expect(counts.done).toBeGreaterThan(histories);
      expect(counts.refused).toBeGreaterThan(0);
      if (process.env.HALLPASS_PROPERTY_RUNS) process.stderr.write(`${JSON.stringify(counts)}\n`);
    },
    60_000 + histories * 4_000,
  );
});

describe("Concurrent histories", () => {
  const server = useServer();
  const realms: Record<string, { actors: Actor[]; reader: Actor }> = {};

  beforeAll(async () => {
    const person = async (name: Person, kind: Actor["kind"], agent: string): Promise<Actor> => {
      const session = await server().signIn(name);
      const client = session.copy({ "User-Agent": agent });
      return { kind, agent, client };
    };
    const program = async (by: Actor): Promise<Actor> => {
      const { value } = await server().createToken({ moduleIds: [modules.accessManagement] }, by.client);
      return { kind: "program", agent: "program", client: server().program(value).with({ "User-Agent": "program" }) };
    };
    const realm = async (kind: Actor["kind"], one: Person, other: Person) => {
      const actors = [await person(one, kind, "one"), await person(other, kind, "another")];
      const [reader] = actors as [Actor];
      return { actors: [...actors, await program(reader), await person(one, kind, "a third")], reader };
    };
    realms.client = await realm("person", "admin", "otherAdmin");
    // People of this account still see deleted tokens.
    realms.operations = await realm("operator", "operator", "operator");
  });

  const anyHistory = fc.record({
    where: fc.constantFrom("client", "operations"),
    scripts: fc.array(fc.array(anyStep, { minLength: 3, maxLength: 9 }), { minLength: 4, maxLength: 4 }),
  });

  test(
    "Any history of several concurrent actors matches the life-cycle model",
    async () => {
      const counts = { histories: 0, changes: 0, checks: 0 };
      await fc.assert(
        fc.asyncProperty(anyHistory, async ({ where, scripts }) => {
          const { actors, reader } = realms[where] as (typeof realms)[string];
          const { perPerson, perAddress } = server().app.revealLimits;
          for (const { id } of Object.values(people)) await perPerson.reset(id);
          for (const { client } of actors) await perAddress.reset(client.address);
          const history = new History(server(), mutations);
          await history.play(actors, scripts);
          await history.checkAll();
          const faults = await history.faults(reader.client);
          const log = faults.length > 0 ? server().log.filter((line) => /"level":[456]0/.test(line)) : [];
          expect({ faults, log }).toEqual({ faults: [], log: [] });
          counts.histories++;
          counts.changes += history.changes.length;
          counts.checks += history.checks.length;
        }),
        { numRuns: histories, endOnFailure: true },
      );
      // A history without changes proves nothing.
      expect(counts.changes).toBeGreaterThan(histories * 5);
      if (process.env.HALLPASS_PROPERTY_RUNS) process.stderr.write(`${JSON.stringify(counts)}\n`);
    },
    300_000 + histories * 5_000,
  );
});
