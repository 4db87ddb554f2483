import type { Configuration, IDToken, UserInfoResponse } from "openid-client";
import type { IdentityProviderConfig } from "../../infra/config.js";

/** What a browser keeps, in a cookie, while its person is at the identity provider. */
export interface Attempt {
  state: string;
  nonce: string;
  codeVerifier: string;
  /** Whether the person had to prove who they are again. */
  again: boolean;
}

/** Why a sign-in with the identity provider failed. The sign-in page has a message for each. */
export type SignInProblem = "cancelled" | "failed" | "unavailable" | "unknown-person" | "unverified-email";

export class SignInError extends Error {
  override name = "SignInError";
  constructor(
    readonly problem: SignInProblem,
    options?: ErrorOptions,
  ) {
    super(`Sign-in with the identity provider: ${problem}`, options);
  }
}

export interface Identity {
  /** Verified, in lower case. */
  email: string;
  /** When the person proved to the provider who they are. Null if it does not say. */
  authenticatedAt: Date | null;
}

/** OpenID Connect's authorization code flow, with PKCE (RFC 7636), state and nonce. Both throw SignInErrors. */
export interface IdentityProvider {
  /** Returns where to send the browser. With `again`, even people who are signed in there must authenticate. */
  start(again: boolean): Promise<{ url: URL; attempt: Attempt }>;
  /** `returned` is the URL the provider sent the browser back to. */
  finish(returned: URL, attempt: Attempt): Promise<Identity>;
}

const timeoutSeconds = 5;
/** Clocks differ. */
const toleranceSeconds = 30;
/** How long a person may take between proving who they are and coming back. */
const againSeconds = 5 * 60;
const rediscoverMs = 60 * 60_000;

export function createIdentityProvider(config: IdentityProviderConfig, redirectUrl: URL): IdentityProvider {
  let discovered: { client: Promise<Configuration>; until: number } | null = null;

  /** The provider may be unavailable when Hallpass starts, so it is asked when it is first needed. */
  async function clientOf(): Promise<Configuration> {
    if (!discovered || performance.now() > discovered.until)
      discovered = { client: discover(config), until: performance.now() + rediscoverMs };
    try {
      return await discovered.client;
    } catch (error) {
      discovered = null;
      throw new SignInError("unavailable", { cause: error });
    }
  }

  return {
    async start(again) {
      const openid = await import("openid-client");
      const client = await clientOf();
      const attempt: Attempt = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        codeVerifier: openid.randomPKCECodeVerifier(),
        again,
      };
      const url = openid.buildAuthorizationUrl(client, {
        redirect_uri: redirectUrl.href,
        scope: "openid email",
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: "S256",
        // OpenID Connect Core, section 3.1.2.1. The answer then says when the person proved it.
        ...(again && { max_age: "0" }),
      });
      return { url, attempt };
    },

    async finish(returned, { state, nonce, codeVerifier, again }) {
      const openid = await import("openid-client");
      const client = await clientOf();
      try {
        const tokens = await openid.authorizationCodeGrant(client, returned, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
          ...(again && { maxAge: againSeconds }),
        });
        const claims = tokens.claims() as IDToken;
        // Some providers send the email address only here.
        const person =
          claims.email === undefined ? await openid.fetchUserInfo(client, tokens.access_token, claims.sub) : claims;
        const { auth_time: seconds } = claims;
        return {
          email: verifiedEmail(person),
          authenticatedAt: seconds === undefined ? null : new Date(seconds * 1000),
        };
      } catch (error) {
        if (error instanceof SignInError) throw error;
        throw new SignInError(problemOf(error), { cause: error });
      }
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: IdentityProviderConfig): Promise<Configuration> {
  const openid = await import("openid-client");
  const client = await openid.discovery(
    issuer,
    clientId,
    { [openid.clockTolerance]: toleranceSeconds },
    // The default of OpenID Connect Core, section 9.
    openid.ClientSecretBasic(clientSecret),
    {
      timeout: timeoutSeconds,
      // Only on this machine: see config.ts.
      execute: issuer.protocol === "http:" ? [openid.allowInsecureRequests] : [],
    },
  );
  client.timeout = timeoutSeconds;
  return client;
}

/** Anyone may enter an unverified address, so it proves nothing. */
function verifiedEmail({ email, email_verified: isVerified }: IDToken | UserInfoResponse): string {
  // Amazon Cognito sends text.
  if (typeof email !== "string" || !(isVerified === true || (isVerified as unknown) === "true"))
    throw new SignInError("unverified-email");
  return email.toLowerCase();
}

/** An error of the library, or of `fetch`. */
function problemOf(error: unknown): SignInProblem {
  const { code, error: answer, cause } = error as { code?: string; error?: string; cause?: unknown };
  if (answer === "access_denied") return "cancelled";
  const isAway =
    answer === "temporarily_unavailable" ||
    answer === "server_error" ||
    code === "OAUTH_TIMEOUT" ||
    (error instanceof TypeError && error.message === "fetch failed") ||
    (cause instanceof Response && cause.status >= 500);
  if (isAway) return "unavailable";
  return cause instanceof Error ? problemOf(cause) : "failed";
}
