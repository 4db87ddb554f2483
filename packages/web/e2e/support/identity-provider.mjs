// An OpenID Connect provider as a program of its own, with its library's own sign-in page, which accepts any login
// name. The name is the email address. Arguments: its port, and where it sends browsers back to.
import Provider from "oidc-provider";

const [port = "", redirectUri = ""] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: "hallpass", client_secret: "a secret", redirect_uris: [redirectUri] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  pkce: { required: () => true },
  cookies: { keys: ["a key"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unverified") }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));
