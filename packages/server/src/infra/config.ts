import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { limits } from "@hallpass/shared";
import { z } from "zod";

/** All settings of the process. The README explains them. */
export interface Config {
  host: string;
  port: number;
  /** Null for the embedded database in the data folder. */
  database: ServerDatabase | null;
  dataDir: string;
  /**
   * The first encrypts, all decrypt. If null, one is generated in the data folder for the embedded database, else there
   * are none.
   */
  encryptionKeys: EncryptionKey[] | null;
  /** The file the keys were read from. Null if they were not. */
  encryptionKeysFile: string | null;
  publicUrl: URL;
  apiEndpoint: string;
  /** The file to append signed heads of audit trails to. Null if none. */
  auditHeadsFile: string | null;
  /** Null if this process notifies no others. */
  redisUrl: string | null;
  /** Maximum number of cached tokens. */
  tokenCacheEntries: number;
  /** Whether anyone can query the GraphQL schema, and whether /graphiql is served to explore it. */
  introspection: boolean;
  explorer: boolean;
  /** Origins whose pages may query GraphQL with an API token. `*` for all. */
  corsOrigins: string[];
  /** How many days of usage are kept. */
  usageDays: number;
  /** The server that sends emails, and their sender. Null if none are sent. */
  smtp: { url: string; from: string } | null;
  /** Whether webhooks may be on http URLs and in private networks. */
  webhooksIntoPrivateNetworks: boolean;
  /** The OpenID Connect provider that people can sign in with. Null if none. */
  identityProvider: IdentityProviderConfig | null;
  /** Whether people can sign in with a password. */
  passwordSignIn: boolean;
  /** A session ends after this long without a request, and after the lifetime in any case. */
  sessionIdleMs: number;
  sessionLifetimeMs: number;
  /** Proxies (CIDRs or IP addresses) whose X-Forwarded-For is trusted. */
  trustProxy: string[];
  /** The OpenTelemetry collector to send traces to. Null if none. */
  traceEndpoint: URL | null;
  logLevel: string;
}

export interface ServerDatabase {
  user: string;
  password: string;
  name: string;
  /** Tried in turn. */
  hosts: { host: string; port: number }[];
  /** Null for connections without TLS. */
  tls: { /** PEM. Null for the certificate authorities that Node.js trusts. */ ca: string | null } | null;
}

export interface IdentityProviderConfig {
  issuer: URL;
  clientId: string;
  clientSecret: string;
}

export interface EncryptionKey {
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

export class ConfigError extends Error {
  override name = "ConfigError";
  constructor(readonly problems: string[]) {
    super(`These settings are invalid:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  }
}

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const onOrOff = z
  .enum(["on", "off"], "must be on or off")
  .default("on")
  .transform((text) => text === "on");

const offOrOn = z
  .enum(["on", "off"], "must be on or off")
  .default("off")
  .transform((text) => text === "on");

const minutes = (usual: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, "must be a number of minutes from 1 to 999999")
    .transform(Number)
    .default(usual);

const environment = z.object({
  // Becomes part of PUBLIC_URL if that is not set.
  HOST: z
    .string()
    .refine(
      (text) => /^[\w.:-]+$/.test(text) && URL.canParse(`http://${urlHost(text)}:1`),
      "must be a host name or an IP address",
    )
    .default("127.0.0.1"),
  PORT: z
    .string()
    .regex(/^\d+$/, "must be a number from 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65535, "must be a number from 0 to 65535")
    .default(4000),
  DATABASE_URL: z.string().transform(parse(parseDatabaseUrl)).optional(),
  HALLPASS_DATA_DIR: z.string().min(1, "must not be empty").default("data"),
  HALLPASS_ENCRYPTION_KEYS: z.string().transform(parse(parseEncryptionKeys)).optional(),
  HALLPASS_ENCRYPTION_KEYS_FILE: z
    .string()
    .transform(parse((path) => parseEncryptionKeys(readKeysFile(path))))
    .optional(),
  HALLPASS_AUDIT_HEADS_FILE: z.string().optional(),
  REDIS_URL: z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol),
      "must look like redis://host:port",
    )
    .optional(),
  HALLPASS_TOKEN_CACHE_ENTRIES: z
    .string()
    .regex(/^[1-9]\d{0,7}$/, "must be a number from 1 to 99999999")
    .transform(Number)
    .default(100_000),
  HALLPASS_USAGE_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, "must be a number from 1 to 9999")
    .transform(Number)
    .default(limits.usageDays),
  HALLPASS_INTROSPECTION: onOrOff,
  HALLPASS_EXPLORER: onOrOff,
  PUBLIC_URL: z.string().transform(parse(parseHttpUrl)).optional(),
  API_ENDPOINT: z
    .string()
    .transform(
      parse((text) => {
        parseHttpUrl(text);
        return text;
      }),
    )
    .optional(),
  CORS_ORIGINS: z.string().transform(parse(parseOrigins)).optional(),
  TRUST_PROXY: z.string().transform(parse(parseProxies)).optional(),
  SMTP_URL: z
    .string()
    .refine(
      (text) =>
        /^smtps?:\/\/(?:[^@/]*@)?(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?\/?(?:\?.*)?$/i.test(text) && URL.canParse(text),
      "must look like smtps://user:password@host:port",
    )
    .optional(),
  SMTP_FROM: z
    .string()
    .refine((text) => /@/.test(text) && !/[\r\n]/.test(text), "must be an email address")
    .optional(),
  HALLPASS_WEBHOOK_PRIVATE_NETWORKS: offOrOn,
  OIDC_ISSUER: z.string().transform(parse(parseIssuer)).optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  PASSWORD_SIGN_IN: onOrOff,
  HALLPASS_SESSION_IDLE_MINUTES: minutes(12 * 60),
  HALLPASS_SESSION_LIFETIME_MINUTES: minutes(7 * 24 * 60),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().transform(parse(parseHttpUrl)).optional(),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(", ")}`).default("info"),
});

/** Reads the settings. Throws a ConfigError that lists every problem. An empty variable counts as not set. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = environment.safeParse(given);
  const problems = result.error?.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`) ?? [];

  problems.push(...contradictionsIn(given));
  if (!result.success || problems.length > 0) throw new ConfigError(problems);

  const settings = result.data;
  const publicUrl = settings.PUBLIC_URL ?? new URL(`http://${urlHost(settings.HOST)}:${settings.PORT}`);
  return {
    host: settings.HOST,
    port: settings.PORT,
    database: settings.DATABASE_URL ?? null,
    dataDir: settings.HALLPASS_DATA_DIR,
    encryptionKeys: settings.HALLPASS_ENCRYPTION_KEYS ?? settings.HALLPASS_ENCRYPTION_KEYS_FILE ?? null,
    encryptionKeysFile: given.HALLPASS_ENCRYPTION_KEYS_FILE ?? null,
    publicUrl,
    apiEndpoint: settings.API_ENDPOINT ?? new URL("/graphql", publicUrl).href,
    auditHeadsFile: settings.HALLPASS_AUDIT_HEADS_FILE ?? null,
    redisUrl: settings.REDIS_URL ?? null,
    tokenCacheEntries: settings.HALLPASS_TOKEN_CACHE_ENTRIES,
    introspection: settings.HALLPASS_INTROSPECTION,
    explorer: settings.HALLPASS_EXPLORER,
    corsOrigins: settings.CORS_ORIGINS ?? [],
    usageDays: settings.HALLPASS_USAGE_DAYS,
    smtp: settings.SMTP_URL && settings.SMTP_FROM ? { url: settings.SMTP_URL, from: settings.SMTP_FROM } : null,
    webhooksIntoPrivateNetworks: settings.HALLPASS_WEBHOOK_PRIVATE_NETWORKS,
    identityProvider: identityProviderOf(settings),
    passwordSignIn: settings.PASSWORD_SIGN_IN,
    sessionIdleMs: settings.HALLPASS_SESSION_IDLE_MINUTES * 60_000,
    sessionLifetimeMs: settings.HALLPASS_SESSION_LIFETIME_MINUTES * 60_000,
    trustProxy: settings.TRUST_PROXY ?? [],
    traceEndpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    logLevel: settings.LOG_LEVEL,
  };
}

function contradictionsIn(given: NodeJS.ProcessEnv): string[] {
  const problems: string[] = [];
  if (given.HALLPASS_ENCRYPTION_KEYS !== undefined && given.HALLPASS_ENCRYPTION_KEYS_FILE !== undefined)
    problems.push("HALLPASS_ENCRYPTION_KEYS and HALLPASS_ENCRYPTION_KEYS_FILE are both set. Set one of them");
  const provider = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"];
  const missing = provider.filter((name) => given[name] === undefined);
  if (missing.length > 0 && missing.length < provider.length)
    problems.push(`${missing.join(" and ")} must be set. An identity provider needs all of ${provider.join(", ")}`);
  if (given.PASSWORD_SIGN_IN === "off" && missing.length === provider.length)
    problems.push("PASSWORD_SIGN_IN is off, but no identity provider is set, so no one could sign in");
  if ((given.SMTP_URL === undefined) !== (given.SMTP_FROM === undefined))
    problems.push(`${given.SMTP_URL === undefined ? "SMTP_URL" : "SMTP_FROM"} must be set. Emails need both`);
  return problems;
}

/** The identity provider, if all of its settings are there. */
function identityProviderOf(settings: z.output<typeof environment>): IdentityProviderConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = settings;
  return issuer && clientId && clientSecret ? { issuer, clientId, clientSecret } : null;
}

/** Puts an IPv6 address in brackets, as URLs require. */
export function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** `id:base64 of 32 bytes`, comma-separated. */
export function parseEncryptionKeys(text: string): EncryptionKey[] {
  const keys = text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each, index) => {
      const [id, base64] = each.split(":", 2);
      // Without a colon, the text is not repeated: it may be the key itself.
      if (!id || base64 === undefined || !/^[A-Za-z0-9_.-]{1,64}$/.test(id))
        throw new Error(`must have an ID of 1 to 64 letters and digits before the colon of key ${index + 1}`);
      const key = Buffer.from(base64, "base64");
      if (key.length !== 32 || key.toString("base64") !== base64)
        throw new Error(`must have 32 bytes in base64 for key '${id}'`);
      return { id, key };
    });
  if (keys.length === 0) throw new Error("has no key");
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw new Error("has the same key ID twice");
  return keys;
}

export function readKeysFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new Error("cannot be read");
  }
}

function parseDatabaseUrl(text: string): ServerDatabase {
  // WHATWG's parser rejects several hosts, so they are extracted first.
  const match = /^(?:mysql|mariadb):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?]+)\/([^/?]+)(?:\?(.*))?$/.exec(text);
  const [, user = "", password = "", hosts = "", name = "", parameters = ""] = match ?? [];
  if (!match) throw new Error("must look like mysql://user:password@host:port/database");
  const addresses = hosts.split(",").map((each) => {
    const { hostname, port } = new URL(`http://${each}`);
    // WHATWG's parser drops port 80 as http's default.
    return { host: hostname.replace(/^\[|\]$/g, ""), port: port ? Number(port) : each.endsWith(":80") ? 80 : 3306 };
  });
  const tls = parseTls(parameters);
  if (tls && addresses.some(({ host }) => isIP(host)))
    throw new Error("must name hosts instead of IP addresses with ssl=true, because certificates are checked by name");
  return {
    user: decodeURIComponent(user),
    password: decodeURIComponent(password),
    name: decodeURIComponent(name),
    hosts: addresses,
    tls,
  };
}

/** `?ssl=true`, and with it optionally `&ssl-ca=/path/to/ca.pem`. */
function parseTls(text: string): ServerDatabase["tls"] {
  const parameters = new URLSearchParams(text);
  const keys = [...parameters.keys()];
  if (keys.some((key) => !["ssl", "ssl-ca"].includes(key)))
    throw new Error("has unknown parameters. Known are ssl and ssl-ca");
  if (new Set(keys).size < keys.length) throw new Error("has the same parameter twice");
  const [ssl, file] = [parameters.get("ssl"), parameters.get("ssl-ca")];
  if (ssl !== null && !["true", "false"].includes(ssl)) throw new Error("must have ssl=true or ssl=false");
  if (file !== null && ssl !== "true") throw new Error("has ssl-ca, but not ssl=true");
  if (ssl !== "true") return null;
  return { ca: file === null ? null : readCertificates(file) };
}

function readCertificates(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Error("names a file in ssl-ca that cannot be read");
  }
  if (!text.includes("-----BEGIN CERTIFICATE-----")) throw new Error("names a file in ssl-ca that has no certificate");
  return text;
}

function parseHttpUrl(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Error("must be an http or https URL");
  const url = new URL(text);
  if (url.username || url.password) throw new Error("must have no credentials, because it is public");
  return url;
}

/** The provider's answers decide who signs in, so they must not come over an open network. */
function parseIssuer(text: string): URL {
  const url = parseHttpUrl(text);
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !isHere) throw new Error("must be an https URL");
  return url;
}

function parseOrigins(text: string): string[] {
  const origins = text.split(",").map((each) => each.trim());
  if (origins.length > 1 && origins.includes("*")) throw new Error("must be * alone, or a list of origins");
  for (const origin of origins)
    if (origin !== "*" && !(URL.canParse(origin) && new URL(origin).origin === origin))
      throw new Error(
        `must be origins such as https://partner.example, separated by commas, or *. '${origin}' is neither`,
      );
  return origins;
}

function parseProxies(text: string): string[] {
  const proxies = text.split(",").map((each) => each.trim());
  for (const proxy of proxies) {
    const [ip = "", bits, ...rest] = proxy.split("/");
    const family = isIP(ip);
    const widest = family === 6 ? 128 : 32;
    const isValid =
      family !== 0 && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= widest));
    if (isValid && Number(bits ?? widest) === 0) throw new Error(`must not include everyone, as '${proxy}' does`);
    if (!isValid) throw new Error(`must be IP addresses or CIDRs, separated by commas. '${proxy}' is neither`);
  }
  return proxies;
}

/** Converts a parser's exception to a zod issue. Never repeats the setting's value, which may be a secret. */
function parse<T>(parser: (text: string) => T) {
  return (text: string, context: z.core.$RefinementCtx): T => {
    try {
      return parser(text);
    } catch (error) {
      const message = error instanceof Error && error.constructor === Error ? error.message : "is malformed";
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
  };
}
