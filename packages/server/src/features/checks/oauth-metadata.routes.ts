import type { FastifyInstance } from "fastify";
import type { Config } from "../../infra/config.js";

/** Authorization server metadata, RFC 8414: where OAuth clients introspect and revoke tokens. No tokens are issued. */
export function oauthMetadataRoutes(server: FastifyInstance, { publicUrl }: Config): void {
  const at = (path: string) => new URL(path, publicUrl).href;
  const metadata = {
    issuer: publicUrl.origin,
    response_types_supported: [],
    grant_types_supported: [],
    introspection_endpoint: at("/oauth2/introspect"),
    introspection_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "Bearer"],
    revocation_endpoint: at("/oauth2/revoke"),
    revocation_endpoint_auth_methods_supported: ["none"],
  };
  server.get("/.well-known/oauth-authorization-server", () => metadata);
}
