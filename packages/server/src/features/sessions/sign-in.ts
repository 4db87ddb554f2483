import { signInInput } from "@hallpass/shared";
import type { Redis } from "ioredis";
import type { AppContext } from "../../context/app-context.js";
import type { PersonCaller, RequestOrigin } from "../../core/caller-types.js";
import { checkedInput } from "../../core/checked-input.js";
import { RequestError, userInputError } from "../../core/errors.js";
import { networkOf } from "../../http/client-address.js";
import { createRateLimit } from "../../infra/rate-limit.js";
import { isPassword } from "./passwords.js";
import { findPerson, recordRefusal, startSession } from "./start-session.js";

const quarterHour = 15 * 60;

/** Attempts to sign in: by user and IP address, and by IP address alone. */
export function createSignInLimits(redis: Redis | null): AppContext["signInLimits"] {
  return {
    perPerson: createRateLimit({ name: "sign-in-person", attempts: 5, seconds: quarterHour }, redis),
    perAddress: createRateLimit({ name: "sign-in-address", attempts: 50, seconds: quarterHour }, redis),
  };
}

/**
 * Starts a session and returns the cookie's value. The browser's earlier cookie is replaced, so its session ends. A
 * wrong password and an unknown user differ neither in the response, nor in its timing, nor in the limit on attempts.
 * Failed attempts end no session and are recorded in the audit trail. Attempts rejected because the queue is full are
 * only counted, as their number has no limit. Throws WRONG_CREDENTIALS, or RATE_LIMITED after too many attempts and if
 * the queue is full, or FORBIDDEN if people can sign in with the identity provider only.
 */
export async function signIn(
  app: AppContext,
  origin: RequestOrigin,
  rawInput: { email: string; password: string },
  earlierSessionId: string | null,
): Promise<{ cookie: string; caller: PersonCaller }> {
  if (!app.config.passwordSignIn) throw passwordsOff();
  const { email, password } = checkedSignIn(rawInput);
  const network = networkOf(origin.ip);
  // Everyone behind a proxy has its IP address, so only attempts per user are limited there, wherever they come from.
  const person = origin.sharedIp ? email : `${email} ${network}`;
  const throttled = async () => recordRefusal({ app, origin }, await findPerson(app, email), "throttled");
  if (!origin.sharedIp) await app.signInLimits.perAddress.take(network, throttled);
  const { user, isRight } = await app.signInQueue.admit(network, async (limit) => {
    // Only once admitted: a sign-in rejected for lack of a slot is not an attempt of the person's.
    await app.signInLimits.perPerson.take(person, throttled);
    const user = await findPerson(app, email);
    return { user, isRight: await limit(() => isPassword(password, user?.passwordHash ?? null)) };
  });
  const started =
    user && isRight
      ? await startSession({ app, origin }, user, {
          earlierSessionId,
          stillIs: { passwordHash: user.passwordHash },
          authenticatedAt: app.now(),
          how: "with a password",
        })
      : null;
  if (!started) {
    await recordRefusal({ app, origin }, user, "refused");
    throw userInputError("WRONG_CREDENTIALS", "The email address or password is incorrect.");
  }
  // Others' attempts count there too, and the person's own success must not give them more.
  if (origin.sharedIp) await app.signInLimits.perPerson.giveBack(person);
  else await app.signInLimits.perPerson.reset(person);
  app.metrics.signIns.inc({ outcome: "good" });
  return started;
}

function checkedSignIn(rawInput: { email: string; password: string }): { email: string; password: string } {
  const input = checkedInput(signInInput, rawInput);
  return { ...input, email: input.email.toLowerCase() };
}

export const passwordsOff = () =>
  new RequestError("FORBIDDEN", "Sign-in with a password is turned off. Sign in with your identity provider.");
