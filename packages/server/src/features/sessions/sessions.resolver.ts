import { accountHeader } from "@hallpass/shared";
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { callContext, type RequestContext } from "../../context/request-context.js";
import type { PersonCaller } from "../../core/caller-types.js";
import { badInput } from "../../core/errors.js";
import { Cost } from "../../graphql/cost.js";
import { ActorType, Allow, payload } from "../../graphql/graphql-types.js";
import { AccountType, toAccount } from "../accounts/account.types.js";
import { modulesOfAccount } from "../accounts/account-loaders.js";
import { actorOf } from "../audit/actors.js";
import { ModuleType, toModule } from "../modules/module.types.js";
import { accountsOfUser } from "../users/users.service.js";
import {
  SignInInput,
  SignInPayload,
  SignOutPayload,
  SwitchAccountInput,
  SwitchAccountPayload,
  toViewer,
  ViewerType,
} from "./session.types.js";
import { signOut, switchAccount } from "./sessions.service.js";
import { signIn } from "./sign-in.js";

@Resolver(() => ViewerType)
export class SessionsResolver {
  @Allow("anyone")
  @Query(() => ViewerType, {
    nullable: true,
    description: "The caller. Null if the request has no valid session or token.",
  })
  viewer(@Ctx() { caller }: RequestContext): ViewerType | null {
    return caller && toViewer(caller);
  }

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

  @FieldResolver(() => ActorType, { description: "The user or API token." })
  actor(@Root() { caller }: ViewerType, @Ctx() context: RequestContext): Promise<ActorType | null> {
    return actorOf(context, caller.id, caller.name);
  }

  @FieldResolver(() => AccountType, {
    description:
      "The account of this request: the one named by `Hallpass-Account`, or else that of the session or token.",
  })
  account(@Root() { caller }: ViewerType): AccountType {
    return toAccount(caller.account);
  }

  @Cost({ own: 100 })
  @FieldResolver(() => [AccountType], { description: "Accounts the user can switch to. A token has exactly one." })
  async accounts(@Root() { caller }: ViewerType, @Ctx() { app }: RequestContext): Promise<AccountType[]> {
    if (caller.kind === "token") return [toAccount(caller.account)];
    return (await accountsOfUser(app.dataSource.manager, caller.id)).map(toAccount);
  }

  @FieldResolver(() => [ModuleType], { description: "Modules the caller can use." })
  async modules(@Root() { caller }: ViewerType, @Ctx() { loaders }: RequestContext): Promise<ModuleType[]> {
    const modules = await loaders.of(modulesOfAccount).load(caller.account.id);
    const mine = caller.kind === "token" ? modules.filter(({ id }) => caller.moduleIds.includes(id)) : modules;
    return mine.map(toModule);
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
  const call = callContext(context) as { caller: PersonCaller } & ReturnType<typeof callContext>;
  const caller = await switchAccount(call, accountId);
  if (!context.namedAccountId) context.caller = caller;
  return { viewer: toViewer(caller) };
}
