import { accountHeader } from "@hallpass/shared";
import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import { personContext, type RequestContext } from "../../context/request-context.js";
import { badInput } from "../../core/errors.js";
import { Cost } from "../../graphql/cost.js";
import { Allow, payload } from "../../graphql/graphql-types.js";
import {
  SignInInput,
  SignInPayload,
  SignOutPayload,
  SwitchAccountInput,
  SwitchAccountPayload,
  toViewer,
} from "./session.types.js";
import { signOut, switchAccount } from "./sessions.service.js";
import { signIn } from "./sign-in.js";

@Resolver()
export class SessionsResolver {
  @Allow("anyone")
  @Cost({ own: 8_000 })
  @Mutation(() => SignInPayload, {
    description:
      "Starts a session, sent as a cookie, and ends the browser's earlier session. Attempts are limited by user and IP address.",
  })
  signIn(
    @Arg("input", { description: "The credentials to sign in with." }) input: SignInInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInPayload> {
    return payload(signInWithCookie(context, input));
  }

  @Allow("anyone")
  @Mutation(() => SignOutPayload, { description: "Ends the session, if there is one." })
  async signOut(@Ctx() context: RequestContext): Promise<SignOutPayload> {
    const { sessionId, caller } = context;
    if (sessionId) await signOut(context, sessionId, caller?.kind === "person" ? caller.account : null);
    context.caller = null;
    context.sessionId = null;
    context.setSessionCookie(null);
    return { userErrors: [] };
  }

  @Allow("session:switchAccount")
  @Mutation(() => SwitchAccountPayload, { description: "Switches the session to another of the person's accounts." })
  switchAccount(
    @Arg("input", { description: "The account to switch to." }) input: SwitchAccountInput,
    @Ctx() context: RequestContext,
  ): Promise<SwitchAccountPayload> {
    return payload(switchTo(context, input.accountId));
  }
}

async function signInWithCookie(context: RequestContext, input: SignInInput) {
  if (context.namedAccountId)
    throw badInput(`Sign in without the ${accountHeader} header. Signing in chooses the account.`);
  const { cookie, caller } = await signIn(context.app, context.origin, input, context.sessionId);
  context.caller = caller;
  context.sessionId = caller.sessionId;
  context.setSessionCookie(cookie);
  return { viewer: toViewer(caller) };
}

async function switchTo(context: RequestContext, accountId: string) {
  const caller = await switchAccount(personContext(context), accountId);
  if (!context.namedAccountId) context.caller = caller;
  return { viewer: toViewer(caller) };
}
