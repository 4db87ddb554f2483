import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { Cost } from "../../cost.js";
import { ActorType, Allow, payload } from "../../graphql-types.js";
import { callContext, type PersonCaller, type RequestContext } from "../../request-context.js";
import { AccountType, toAccount } from "../accounts/account.types.js";
import { actorOf } from "../audit/actors.js";
import { ModuleType, toModule } from "../modules/module.types.js";
import {
  SignInInput,
  SignInPayload,
  SignOutPayload,
  SwitchAccountInput,
  SwitchAccountPayload,
  toViewer,
  ViewerType,
} from "./session.types.js";
import { accountsOfUser, signIn, signOut, switchAccount } from "./sessions.service.js";

@Resolver(() => ViewerType)
export class SessionsResolver {
  @Allow("anyone")
  @Query(() => ViewerType, {
    nullable: true,
    description: "Who is calling; null when the request carries no valid session and no valid token.",
  })
  viewer(@Ctx() { caller }: RequestContext): ViewerType | null {
    return caller && toViewer(caller);
  }

  @Allow("anyone")
  @Cost({ own: 8_000 })
  @Mutation(() => SignInPayload, {
    description: "Starts a session, as a cookie. Tries are limited by person and address.",
  })
  signIn(
    @Arg("input", { description: "Who signs in." }) input: SignInInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInPayload> {
    return payload(signInWithCookie(context, input));
  }

  @Allow("anyone")
  @Mutation(() => SignOutPayload, { description: "Ends the session. Without one there is nothing to do." })
  async signOut(@Ctx() context: RequestContext): Promise<SignOutPayload> {
    if (context.caller?.kind === "person") await signOut({ ...context, caller: context.caller });
    context.caller = null;
    context.setSessionCookie(null);
    return { userErrors: [] };
  }

  @Allow("session:switchAccount")
  @Mutation(() => SwitchAccountPayload, { description: "Goes on in another of the person's accounts." })
  switchAccount(
    @Arg("input", { description: "Where to go on." }) input: SwitchAccountInput,
    @Ctx() context: RequestContext,
  ): Promise<SwitchAccountPayload> {
    return payload(switchTo(context, input.accountId));
  }

  @FieldResolver(() => ActorType, { description: "The person or the API token." })
  actor(@Root() { caller }: ViewerType, @Ctx() context: RequestContext): Promise<ActorType | null> {
    return actorOf(context, caller.id, caller.name);
  }

  @FieldResolver(() => AccountType, { description: "The account that everything in this request is about." })
  account(@Root() { caller }: ViewerType): AccountType {
    return toAccount(caller.account);
  }

  @Cost({ own: 100 })
  @FieldResolver(() => [AccountType], { description: "Every account that this person may switch to; a token has one." })
  async accounts(@Root() { caller }: ViewerType, @Ctx() { app }: RequestContext): Promise<AccountType[]> {
    if (caller.kind === "token") return [toAccount(caller.account)];
    return (await accountsOfUser(app.dataSource.manager, caller.id)).map(toAccount);
  }

  @FieldResolver(() => [ModuleType], { description: "Modules that the caller may use." })
  async modules(@Root() { caller }: ViewerType, @Ctx() { loaders }: RequestContext): Promise<ModuleType[]> {
    const modules = await loaders.modulesOfAccount.load(caller.account.id);
    const mine = caller.kind === "token" ? modules.filter(({ id }) => caller.moduleIds.includes(id)) : modules;
    return mine.map(toModule);
  }
}

async function signInWithCookie(context: RequestContext, input: SignInInput) {
  const { cookie, caller } = await signIn(context.app, context.origin, input);
  context.caller = caller;
  context.setSessionCookie(cookie);
  return { viewer: toViewer(caller) };
}

async function switchTo(context: RequestContext, accountId: string) {
  const call = callContext(context) as { caller: PersonCaller } & ReturnType<typeof callContext>;
  const caller = await switchAccount(call, accountId);
  context.caller = caller;
  return { viewer: toViewer(caller) };
}
