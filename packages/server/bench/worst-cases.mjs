// The most expensive requests possible, within the limits of src/graphql/query-limits.ts or just beyond them.
import { worstLogos } from "./logos.mjs";

const json = (query, variables = {}) => JSON.stringify({ query, variables });
const repeat = (count, each) => Array.from({ length: count }, (_, index) => each(index)).join(" ");
/**
 * Selects a type with the types it wraps, three levels deep. `inside` is selected on the types of fields and arguments.
 */
const ofTypes = (inside) => {
  const fields = `name kind description ${inside && `fields { name description args { name type { ${inside} } } type { ${inside} } }`}`;
  return `${fields} ofType { ${fields} ofType { ${fields} ofType { ${fields} } } }`;
};
const row = `id name description iconUrl status availableActions moduleCount maskedValue createdAt lastAccessAt expiresAt
  version events { kind at by { __typename id name } } modules { id name description } createdBy { __typename id name }`;

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {(run: number) => string} body The body of a POST to /graphql.
 * @property {boolean} [isLogo] Mostly processed off the main thread.
 *
 * @param {{ tokenId: string, moduleId: string }} known
 * @returns {Promise<Case[]>}
 */
const bulkMutation = (name) =>
  `mutation ($input: BulkApiTokensInput!) {
    ${name}(input: $input) { results { id apiToken { id status version } userErrors { code message } } }
  }`;

export async function worstRequests({ tokenId, tokenIds, moduleId }) {
  const list = `first: 100, filter: { search: "zzzz" }`;
  const everySort = `orderBy: [{field: NAME, direction: ASC}, {field: CREATED_BY, direction: DESC}, {field: EXPIRES_AT, direction: ASC},
    {field: LAST_ACCESS_AT, direction: DESC}, {field: MODULE_COUNT, direction: ASC}, {field: STATUS, direction: ASC}]`;
  const deepFilter = {
    and: Array(2).fill({ or: Array(5).fill({ not: { moduleIds: Array(100).fill("MOD-0000") } }) }),
  };
  const manyModules = { or: Array(20).fill({ moduleIds: Array(100).fill(moduleId) }) };
  const trails = (tokens, args) =>
    json(
      `{ apiTokens(first: ${tokens}) { nodes { auditTrail(${args}) { nodes { id event summary details actor { id } } } } } }`,
    );
  const signIn = (index, run) =>
    `s${index}: signIn(input: {email: "nobody${run}x${index}@client.example", password: "wrong"}) { userErrors { code } }`;
  const create =
    "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { apiToken { id iconUrl } userErrors { code } } }";
  const withIcon = (icon) => (run) => json(create, { input: { name: `Icon ${run}`, moduleIds: [moduleId], icon } });
  const withTwoIcons = (icon) => (run) =>
    json(
      `mutation ($a: CreateApiTokenInput!) { ${repeat(2, (index) => `a${index}: createApiToken(input: $a) { userErrors { code } }`)} }`,
      { a: { name: `Icon ${run}`, moduleIds: [moduleId], icon } },
    );
  const logos = await worstLogos();
  return [
    {
      name: "a page of 100 rows with every field",
      body: () => json(`{ apiTokens(first: 100) { totalCount nodes { ${row} } } }`),
    },
    {
      name: "100 rows, six levels of order, deep in",
      body: () => json(`{ apiTokens(first: 100, offset: 5000, ${everySort}) { nodes { id } } }`),
    },
    {
      name: "the deepest filter, every list full",
      body: () =>
        json("query ($f: ApiTokenFilter) { apiTokens(first: 100, filter: $f) { totalCount nodes { id } } }", {
          f: deepFilter,
        }),
    },
    {
      name: "20 conditions with lists of 100 modules",
      body: () => json("query ($f: ApiTokenFilter) { apiTokens(filter: $f) { totalCount } }", { f: manyModules }),
    },
    {
      name: "2 far pages in six levels of order, filtered",
      body: () =>
        json(
          `{ ${repeat(2, (index) => `a${index}: apiTokens(offset: ${5_000 + index}, filter: { search: "robot" }, ${everySort}) { totalCount nodes { id } }`)} }`,
        ),
    },
    {
      name: "7 audit trails by event and time, counted",
      body: () =>
        json(
          `{ ${repeat(7, (index) => `a${index}: auditTrail(last: 10, filter: { events: ["api_token.updated", "a${index}"], at: { from: "2020-01-01T00:00:00.000Z" } }) { totalCount nodes { id } }`)} }`,
        ),
    },
    {
      name: "as many searches as a filter can have, in several lists",
      body: () =>
        json(
          `query ($f: ApiTokenFilter) { ${repeat(2, (index) => `a${index}: apiTokens(first: 1, filter: $f) { nodes { id } }`)} }`,
          { f: { and: Array.from({ length: 19 }, () => ({ search: "robot" })) } },
        ),
    },
    {
      name: "100 limited counts of a search",
      body: () =>
        json(
          `{ apiTokens(first: 1, filter: { search: "robot" }) { ${repeat(100, (index) => `c${index}: countUpTo(limit: ${10_100 + index})`)} } }`,
        ),
    },
    {
      name: "8 searches that find nothing, counted",
      body: () => json(`{ ${repeat(8, (index) => `a${index}: apiTokens(${list}) { totalCount }`)} }`),
    },
    {
      name: "as many rows as cost allows",
      body: () =>
        json(`{ ${repeat(1, (index) => `a${index}: apiTokens(first: 100, offset: ${index}) { nodes { ${row} } }`)} }`),
    },
    {
      name: "audit trails of 100 tokens, the last 100 records of each",
      body: () => trails(100, "first: null, last: 100"),
    },
    {
      name: "audit trails of 10 tokens, the last 100 records of each",
      body: () => trails(10, "first: null, last: 100"),
    },
    {
      name: "audit trails of 60 tokens",
      body: () =>
        json(
          "{ apiTokens(first: 60) { nodes { auditTrail(first: 1) { totalCount nodes { id details actor { id } } } } } }",
        ),
    },
    {
      name: "usage of 100 tokens, 40 days",
      body: () => json("{ apiTokens(first: 100) { nodes { usage(days: 40) { day allowed denied } } } }"),
    },
    {
      name: "a verification of the whole trail",
      isInPieces: true,
      body: () => json(`{ ${repeat(1, (index) => `v${index}: auditTrailVerification { records }`)} }`),
    },
    {
      name: "usage of 100 tokens under 6 names",
      body: () =>
        json(`{ apiTokens(first: 100) { nodes { ${repeat(6, (index) => `a${index}: usage(days: 1) { day }`)} } } }`),
    },
    {
      name: "introspection under many names",
      body: () =>
        json(
          `{ __schema { types { ${repeat(90, (index) => `b${index}: fields { type { ...F } }`)} } } } fragment F on __Type { ${repeat(150, (index) => `a${index}: name`)} }`,
        ),
    },
    {
      name: "modules of 100 tokens under 18 names",
      body: () =>
        json(`{ apiTokens(first: 100) { nodes { modules { ${repeat(18, (index) => `a${index}: name`)} } } } }`),
    },
    { name: "3 sign-ins", body: (run) => json(`mutation { ${repeat(3, (index) => signIn(index, run))} }`) },
    {
      name: "20 sign-ins of 20 people",
      body: (run) => json(`mutation { ${repeat(20, (index) => signIn(index, run))} }`),
    },
    {
      name: "20 reveals",
      body: () =>
        json(
          `mutation { ${repeat(20, (index) => `r${index}: revealApiToken(input: {id: "${tokenId}", purpose: SHOW}) { userErrors { code } }`)} }`,
        ),
    },
    {
      name: "the whole schema by introspection",
      body: () =>
        json(
          `{ __schema { types { name kind description fields(includeDeprecated: true) { name description args { name type { name ofType { name ofType { name ofType { name } } } } } type { name ofType { name ofType { name } } } } inputFields { name } enumValues { name } possibleTypes { name } } } }`,
        ),
    },
    {
      name: "introspection as deep as it goes",
      body: () => json(`{ __schema { types { fields { type { ${ofTypes(ofTypes(""))} } } } } }`),
    },
    {
      name: "introspection in circles",
      body: () => json(`{ __schema { types { ${"fields { type { ".repeat(6)} name ${"} }".repeat(6)} } } }`),
    },
    {
      name: "2,000 words: 600 aliases of a field",
      body: () => json(`{ viewer { ${repeat(600, (index) => `a${index}: role`)} } }`),
    },
    {
      name: "2,000 words: overlapping fields to merge",
      body: () => json(`{ ${repeat(290, () => "viewer { account { id } }")} }`),
    },
    { name: "142 kB of nested fragments", body: () => json(nestedFragments(142_000)) },
    { name: "2,000 words of nested fragments", body: () => json(nestedFragments(11_000)) },
    {
      name: "fragments in a circle",
      body: () =>
        json(
          `{ viewer { ...f0 } } ${repeat(100, (index) => `fragment f${index} on Viewer { ...f${(index + 1) % 100} ...f${(index + 7) % 100} }`)}`,
        ),
    },
    { name: "10,000 aliases", body: () => json(`{ ${repeat(10_000, (index) => `a${index}: viewer { role }`)} }`) },
    { name: "a million brackets", body: () => json("{a".repeat(300_000)) },
    {
      name: "1 MB of variables, a list",
      body: () =>
        json("query ($f: ApiTokenFilter) { apiTokens(filter: $f) { totalCount } }", {
          f: { moduleIds: Array(85_000).fill(moduleId) },
        }),
    },
    {
      name: "1 MB of variables that nobody asked for",
      body: () => json("{ viewer { role } }", { a: Array(400_000).fill(1) }),
    },
    { name: "5 MB of variables", body: () => json("{ viewer { role } }", { a: Array(2_500_000).fill(1) }) },
    {
      name: "a name of 1 MB",
      body: () => json(create, { input: { name: "é\u0301 ".repeat(200_000), moduleIds: [moduleId] } }),
    },
    ...logos.map(({ name, icon }) => ({ name: `a logo, ${name}`, body: withIcon(icon), isLogo: true })),
    { name: "two logos, PNG: 16 bits, interlaced", body: withTwoIcons(logos[0]?.icon), isLogo: true },
    // Last, as it makes the trail longer.
    {
      name: "disabling and enabling 1,000 tokens in turns",
      // In pieces that let other requests run.
      isInPieces: true,
      body: (run) =>
        json(bulkMutation(run % 2 === 0 ? "disableApiTokens" : "enableApiTokens"), { input: { ids: tokenIds } }),
    },
  ];
}

function nestedFragments(bytes) {
  let text = "";
  for (let index = 0; text.length < bytes; index++)
    text += `fragment f${index} on Viewer { ...f${index + 1} ...f${index + 2} account { id } } `;
  return `{ viewer { ...f0 } } ${text}`;
}
