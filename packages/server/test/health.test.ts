import { useServer } from "./support/test-server.js";

describe("health", () => {
  const server = useServer();

  test("the process says that it is alive, and that it can decide and write", async () => {
    const alive = await server().nobody().fetch("/healthz");
    const ready = await server().nobody().fetch("/readyz");
    expect([alive.status, await alive.json()]).toEqual([200, { status: "ok" }]);
    expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ status: "ok" })]);
  });

  test("an address where nothing is answers with a problem document", async () => {
    const answer = await server().nobody().fetch("/nothing/here");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 404, title: "Not Found" });
  });

  test("a person signs in, adds a token, and the token works", async () => {
    const { value } = await server().createToken();
    const answer = await server().program(value).fetch("/authorize");
    expect(answer.status).toBe(200);
  });
});
