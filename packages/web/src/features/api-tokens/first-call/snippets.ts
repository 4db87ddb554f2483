/** Languages of the snippets. */
export const languages = [
  { id: "curl", label: "curl" },
  { id: "javascript", label: "JavaScript" },
  { id: "python", label: "Python" },
] as const;
export type Language = (typeof languages)[number]["id"];

/** The server to call: Hallpass, or a platform endpoint behind a gateway. */
export interface CallTarget {
  id: "graphql" | "endpoint";
  title: string;
  explanation: string;
  url: string;
  /** A GraphQL query. Undefined for a plain GET. */
  query?: string;
}

const query = "{ viewer { actor { id name } account { name } } }";
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** `endpoint` is the configured one, or Hallpass’s own GraphQL endpoint if none is configured. */
export function targetsFor(endpoint: string, page: URL | Location = window.location): CallTarget[] {
  const url = new URL(endpoint, page.href);
  const sameHost = url.host === page.host || (loopback.test(url.hostname) && loopback.test(page.hostname));
  const own = url.pathname === "/graphql" && sameHost;
  return [
    {
      id: "graphql",
      title: "Call Hallpass",
      explanation: "Returns the token’s identity. No module is needed.",
      url: own ? endpoint : new URL("/graphql", page.href).href,
      query,
    },
    {
      id: "endpoint",
      title: "Call your API",
      explanation: own
        ? "If your gateway checks tokens with Hallpass, send the token in the same header. This URL is an example."
        : "The API endpoint checks each request with Hallpass and allows access to the token’s modules.",
      url: own ? "https://api.example.com/" : endpoint,
    },
  ];
}

const shell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const quoted = (text: string) => JSON.stringify(text);

const writers: Record<Language, (target: CallTarget, value: string) => string> = {
  curl: ({ url, query }, value) =>
    [
      `curl ${shell(url)}`,
      `-H ${shell(`Authorization: Bearer ${value}`)}`,
      ...(query ? ["-H 'Content-Type: application/json'", `-d ${shell(JSON.stringify({ query }))}`] : []),
    ].join(" \\\n  "),

  javascript: ({ url, query }, value) =>
    [
      `const response = await fetch(${quoted(url)}, {`,
      ...(query ? ['  method: "POST",'] : []),
      "  headers: {",
      `    Authorization: ${quoted(`Bearer ${value}`)},`,
      ...(query ? ['    "Content-Type": "application/json",'] : []),
      "  },",
      ...(query ? [`  body: JSON.stringify({ query: ${quoted(query)} }),`] : []),
      "});",
      query
        ? "console.log(response.status, await response.json());"
        : "console.log(response.status, await response.text());",
    ].join("\n"),

  python: ({ url, query }, value) =>
    [
      "import requests",
      "",
      `response = requests.${query ? "post" : "get"}(`,
      `    ${quoted(url)},`,
      `    headers={"Authorization": ${quoted(`Bearer ${value}`)}},`,
      ...(query ? [`    json={"query": ${quoted(query)}},`] : []),
      "    timeout=10,",
      ")",
      `print(response.status_code, response.${query ? "json()" : "text"})`,
    ].join("\n"),
};

/** Writes a request to paste into a shell or program. */
export function snippetFor(language: Language, target: CallTarget, value: string): string {
  return writers[language](target, value);
}
