/** A first call to paste into a shell. The endpoint may be any API; only a GraphQL one is asked a question. */
export function curlFor(endpoint: string, value: string): string {
  const lines = [`curl '${endpoint}'`, `-H 'Authorization: Bearer ${value}'`];
  if (new URL(endpoint, window.location.href).pathname.endsWith("/graphql")) {
    lines.push(
      "-H 'Content-Type: application/json'",
      `-d '{"query":"{ viewer { actor { id name } account { name } } }"}'`,
    );
  }
  return lines.join(" \\\n  ");
}
