import { gzipSync } from "node:zlib";
import { useServer } from "./support/test-server.js";

describe("GraphQL compression", () => {
  const server = useServer();
  const post = async (query: string, headers: Record<string, string> = {}, body?: Uint8Array<ArrayBuffer>) => {
    const { value } = await server().createToken();
    return fetch(`${server().url}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${value}`, ...headers },
      body: body ?? JSON.stringify({ query }),
    });
  };
  const long = "{ __schema { types { name description } } }";

  test.each(["br", "gzip"])("A response over 1 KiB is compressed as %s if the client accepts it", async (encoding) => {
    const response = await post(long, { "Accept-Encoding": encoding });
    expect(response.headers.get("content-encoding")).toBe(encoding);
    expect(response.headers.get("vary")).toMatch(/accept-encoding/i);
    const { data } = (await response.json()) as { data: { __schema: { types: unknown[] } } };
    expect(data.__schema.types.length).toBeGreaterThan(20);
  });

  test("A response to a client that accepts no encoding is not compressed", async () => {
    const response = await post(long, { "Accept-Encoding": "identity" });
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.status).toBe(200);
  });

  test("A short response is not compressed", async () => {
    const response = await post("{ __typename }", { "Accept-Encoding": "br, gzip" });
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(await response.json()).toEqual({ data: { __typename: "Query" } });
  });

  test("A compressed request is rejected, so that no body inflates beyond the limit", async () => {
    const body = new Uint8Array(gzipSync(JSON.stringify({ query: "{ __typename }" })));
    const response = await post("", { "Content-Encoding": "gzip" }, body);
    expect(response.status).toBe(400);
  });
});
