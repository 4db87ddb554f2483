import { serverAudits } from "graphql-http";
import { useServer } from "../support/test-server.js";

/** The audits of GraphQL over HTTP, as its specification's authors have them. */
describe("GraphQL over HTTP", () => {
  const server = useServer();
  const url = () => new URL("/graphql", server().url).href;
  const audits = serverAudits({ url, fetchFn: fetch });
  const ofKind = (kind: "MUST" | "SHOULD") =>
    audits.filter(({ name }) => name.startsWith(kind)).map(({ name, fn }) => [name, fn] as const);

  test.each(ofKind("MUST"))("%s", async (_name, audit) => {
    expect(await audit()).toMatchObject({ status: "ok" });
  });

  /** Whoever asks for application/json is told of a wrong request by the HTTP status, too. */
  const otherwise = [
    "SHOULD use 200 status code on document parsing failure when accepting application/json",
    "SHOULD use 200 status code on document validation failure when accepting application/json",
    "SHOULD use a status code of 200 on variable coercion failure when accepting application/json",
  ];

  test.each(ofKind("SHOULD"))("%s", async (name, audit) => {
    expect(await audit()).toMatchObject({ status: otherwise.includes(name) ? "warn" : "ok" });
  });
});
