import { fileURLToPath } from "node:url";
import { ApiTokenEntity } from "../features/api-tokens/api-token.entity.js";
import { openSecret } from "../features/api-tokens/token-secret.js";
import { applyPlatform } from "../features/platform/apply-platform.js";
import { readPlatformFile } from "../features/platform/platform-file.js";
import { addSampleTokens } from "./demo-tokens.js";
import { serve } from "./serve.js";

const platformFile = fileURLToPath(new URL("../../demo/platform.yaml", import.meta.url));

/** When the sample platform was set up: before its oldest token. */
const longAgo = new Date(Date.now() - 720 * 86_400_000);

/** Serves the embedded database, with sample data the first time, and prints what to try. */
export async function demo(env: NodeJS.ProcessEnv): Promise<void> {
  const { DATABASE_URL: _, ...rest } = env;
  const { app, url } = await serve({ LOG_LEVEL: "warn", ...rest });
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
  const lines = [
    "",
    "  Hallpass is ready.",
    "",
    `  Web app    ${url}`,
    `  Sign in    ${user?.email}  ${user?.password}`,
    `  Explorer   ${url}/graphiql`,
  ];
  if (token && value)
    lines.push(
      `  Token      ${token.id} ${token.name}`,
      `             ${value}`,
      "",
      "  Try it:",
      "",
      `  curl -s ${url}/graphql -H 'Authorization: Bearer ${value}' -H 'Content-Type: application/json' \\`,
      `    -d '{"query":"{ viewer { actor { name } account { name } modules { name } } }"}'`,
    );
  console.log(`${lines.join("\n")}\n`);
}
