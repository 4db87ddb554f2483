// Checks a second inside a platform's own process, on one core, beside what such a check could cost at least (a SHA-256
// and a Map) and beside verifying a JWT, which cannot be revoked. Tokens are drawn at random from 10,000.
import { createHash, generateKeyPairSync, hash, randomBytes } from "node:crypto";
import { createVerifier } from "@hallpass/verifier";
import { createVerifier as createJwtVerifier, createSigner } from "fast-jwt";
import { embeddedDatabase } from "./databases.mjs";
import { addTokens } from "./tokens.mjs";
import { assertWrk, load, startServer } from "./wrk.mjs";

const goal = 0.7;
const count = 10_000;
const rounds = 5;
const secondsPerRound = 1;

assertWrk();
const database = await embeddedDatabase();
const env = { ...process.env, ...database.env, LOG_LEVEL: "error" };
console.error(`Adding ${count} tokens`);
const { values, admin } = await addTokens(env, count);
const hallpass = await startServer(["dist/cli.js", "serve"], env);
const verifier = createVerifier({ url: hallpass.url, token: admin.value });
const headers = values.map((value) => `Bearer ${value}`);
const modules = ["MOD-1310"];
for (const header of headers) await verifier.verify(header, { modules });

const digests = new Map(values.map((value) => [sha256(value), { id: value }]));
const least = "SHA-256 and a Map";
const candidates = [
  [least, (index) => digests.get(createHash("sha256").update(values[index]).digest("hex")) !== undefined],
  [`${least}, by crypto.hash`, (index) => digests.get(sha256(values[index])) !== undefined],
  [
    "@hallpass/verifier",
    (index) => {
      const verdict = verifier.verify(headers[index], { modules });
      return verdict instanceof Promise || verdict.allowed;
    },
  ],
  ...jwtCandidates(),
];
const figures = new Map(candidates.map(([name]) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const [name, check] of candidates) {
    // The feed confirms what is in memory between two candidates.
    await new Promise((resolve) => setTimeout(resolve, 600));
    figures.get(name).push(await perSecond(check));
  }
const authorize = await load(hallpass, { path: "/authorize", values, seconds: 3 });
await verifier.close();
await hallpass.stop();
await database.remove();

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const base = median(figures.get(least));
console.log(`Node ${process.version}, one core, ${count.toLocaleString("en")} tokens, medians of ${rounds} rounds.\n`);
console.log("| | checks a second | of SHA-256 and a Map |\n|---|--:|--:|");
const rows = [
  ...[...figures].map(([name, all]) => [name, median(all)]),
  ["`/authorize`, over HTTP", authorize.perSecond],
];
for (const [name, each] of rows)
  console.log(`| ${name} | ${Math.round(each).toLocaleString("en")} | ${(each / base).toFixed(2)} |`);
const ratio = median(figures.get("@hallpass/verifier")) / base;
console.log(
  ratio < goal ? `\nFalls short: ${ratio.toFixed(2)} of SHA-256 and a Map, not ${goal}` : "\nThe goal is met.",
);
process.exit(0);

function sha256(text) {
  return hash("sha256", text, "hex");
}

/** Whole blocks of checks, as a clock costs as much as one. */
async function perSecond(check) {
  const block = 2_000;
  const began = performance.now();
  let done = 0;
  let elapsed = 0;
  while (elapsed < secondsPerRound * 1_000) {
    for (let index = 0; index < block; index++)
      if (!check(Math.floor(Math.random() * count))) throw new Error("A valid token was denied.");
    done += block;
    elapsed = performance.now() - began;
    // As between requests: the feed's answers are read.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return (done / elapsed) * 1_000;
}

function jwtCandidates() {
  const claims = { sub: "TKN-1234-5678", scope: "MOD-1310", exp: Math.floor(Date.now() / 1_000) + 3_600 };
  const pem = ({ privateKey, publicKey }) => ({
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    publicKey: publicKey.export({ type: "spki", format: "pem" }),
  });
  const secret = randomBytes(32);
  const keys = {
    HS256: { key: secret, publicKey: secret },
    RS256: pem(generateKeyPairSync("rsa", { modulusLength: 2_048 })),
    ES256: pem(generateKeyPairSync("ec", { namedCurve: "P-256" })),
    EdDSA: pem(generateKeyPairSync("ed25519")),
  };
  return Object.entries(keys).map(([algorithm, { key, publicKey }]) => {
    const jwt = createSigner({ key, algorithm })(claims);
    const verify = createJwtVerifier({ key: publicKey, algorithms: [algorithm], cache: false });
    return [`fast-jwt, ${algorithm}`, () => verify(jwt).sub !== undefined];
  });
}
