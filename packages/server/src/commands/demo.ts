import { fileURLToPath } from "node:url";
import ipaddr from "ipaddr.js";
import { ApiTokenEntity } from "../features/api-tokens/api-token.entity.js";
import { openSecret } from "../features/api-tokens/token-secret.js";
import { applyPlatform } from "../features/platform/apply-platform.js";
import { readPlatformFile } from "../features/platform/platform-file.js";
import { ConfigError, readConfig } from "../infra/config.js";
import { standardError } from "../infra/logger.js";
import { addSampleTokens } from "./demo-tokens.js";
import { serve } from "./serve.js";

const platformFile = fileURLToPath(new URL("../../demo/platform.yaml", import.meta.url));

/** When the sample platform was set up, which is before its oldest token. */
const longAgo = new Date(Date.now() - 720 * 86_400_000);

/**
 * Serves the embedded database, adds sample data the first time and prints what to try. The sample passwords are
 * public, so it rejects a HOST that others on the network can reach unless `allowRemote` is set.
 */
export async function demo(env: NodeJS.ProcessEnv, { allowRemote = false }: { allowRemote?: boolean }): Promise<void> {
  const { DATABASE_URL: _, ...rest } = env;
  const settings = { LOG_LEVEL: "warn", ...rest };
  const { host } = readConfig(settings);
  if (!isLoopback(host) && !allowRemote)
    throw new ConfigError([
      `HOST ${host} lets others on the network sign in with the demo's public passwords. Leave it out, or run 'demo --allow-remote'`,
    ]);
  const { app, url } = await serve(settings, { destination: standardError() });
  const { manager } = app.dataSource;
  const isFresh = (await manager.count(ApiTokenEntity)) === 0;
  const platform = readPlatformFile(platformFile);
  if (isFresh) {
    await applyPlatform({ ...app, now: () => longAgo }, platform);
    await addSampleTokens(app);
  }

  const [user] = platform.users;
  const token = await manager.findOneBy(ApiTokenEntity, { name: "Partner dashboard", status: "ACTIVE" });
  const value = token && (await openSecret(manager, app.keyring, token));
  const warning = "  Warning: anyone who can reach this server can sign in. The demo's passwords are public.";
  const sample = [
    `  Token      ${token?.id} ${token?.name}`,
    `             ${value}`,
    "",
    "  Try it:",
    "",
    `  curl -s ${url}/graphql -H 'Authorization: Bearer ${value}' -H 'Content-Type: application/json' \\`,
    `    -d '{"query":"{ viewer { actor { name } account { name } modules { name } } }"}'`,
    "",
  ];
  const lines = [
    "",
    "  Hallpass is ready.",
    "",
    ...(isLoopback(host) ? [] : [warning, ""]),
    ...(value ? sample : []),
    `  Explorer   ${url}/graphiql`,
    `  Sign in    ${user?.email}  ${user?.password}`,
    `  Web app    ${url}`,
  ];
  console.log(`${lines.join("\n")}\n`);
}

/** A name other than localhost may resolve to any IP address. */
function isLoopback(host: string): boolean {
  return host === "localhost" || (ipaddr.isValid(host) && ipaddr.process(host).range() === "loopback");
}
