import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from "type-graphql";
import { personContext, type RequestContext } from "../../context/request-context.js";
import { Cost } from "../../graphql/cost.js";
import { Allow, DateTime, enumOf, payload } from "../../graphql/graphql-types.js";
import { noPassword } from "../sessions/passwords.js";
import { SessionEntity } from "../sessions/session.entity.js";
import { ViewerType } from "../sessions/session.types.js";
import { UserEntity } from "../users/user.entity.js";
import { changePassword } from "./change-password.js";
import { endSessions, ownSessions } from "./own-sessions.js";
import {
  ChangePasswordInput,
  ChangePasswordPayload,
  EndSessionsInput,
  EndSessionsPayload,
  SessionType,
  toSession,
} from "./profile.types.js";

const signInMethods = ["PASSWORD", "IDENTITY_PROVIDER"] as const;
type SignInMethod = (typeof signInMethods)[number];

const SignInMethodEnum = enumOf("SignInMethod", signInMethods, "A way to sign in.", {
  PASSWORD: "With an email address and a password: `signIn`.",
  IDENTITY_PROVIDER: "With the platform's OpenID Connect provider, in a browser: `/sign-in/oidc`.",
});

@Resolver(() => ViewerType)
export class ProfileResolver {
  @Allow("anyone")
  @Query(() => [SignInMethodEnum], { description: "How people can sign in." })
  signInMethods(@Ctx() { app }: RequestContext): SignInMethod[] {
    const { passwordSignIn, identityProvider } = app.config;
    return signInMethods.filter((method) => (method === "PASSWORD" ? passwordSignIn : identityProvider !== null));
  }

  @Cost({ own: 50 })
  @FieldResolver(() => Boolean, { description: "Whether the user can sign in with a password. False for a token." })
  async hasPassword(@Root() { caller }: ViewerType, @Ctx() { app }: RequestContext): Promise<boolean> {
    if (caller.kind === "token" || !app.config.passwordSignIn) return false;
    const user = await app.dataSource.manager.findOneBy(UserEntity, { id: caller.id });
    return user !== null && user.passwordHash !== noPassword;
  }

  @Cost({ own: 50 })
  @FieldResolver(() => DateTime, {
    nullable: true,
    description:
      "When the user last proved who they are in this session. Null if unknown, and for a token. See `AccountPolicy.recentSignInRequired`.",
  })
  async authenticatedAt(@Root() { caller }: ViewerType, @Ctx() { app }: RequestContext): Promise<Date | null> {
    if (caller.kind === "token") return null;
    const session = await app.dataSource.manager.findOneBy(SessionEntity, { id: caller.sessionId });
    return session?.authenticatedAt ?? null;
  }

  @Cost({ own: 50, rows: 20 })
  @FieldResolver(() => [SessionType], {
    description: "Browsers in which the user is signed in, last used first. A token has none.",
  })
  async sessions(@Root() { caller }: ViewerType, @Ctx() context: RequestContext): Promise<SessionType[]> {
    if (caller.kind === "token") return [];
    const sessions = await ownSessions({ ...personContext(context), caller });
    return sessions.map((session) => toSession(session, caller.sessionId));
  }

  @Allow("profile:write")
  @Mutation(() => EndSessionsPayload, { description: "Ends some of the user's own sessions." })
  endSessions(
    @Arg("input", { description: "The sessions to end." }) input: EndSessionsInput,
    @Ctx() context: RequestContext,
  ): Promise<EndSessionsPayload> {
    return payload(endSessions(personContext(context), input.ids).then((endedIds) => ({ endedIds })));
  }

  @Allow("profile:write")
  @Cost({ own: 8_000 })
  @Mutation(() => ChangePasswordPayload, {
    description: "Changes the user's own password. Attempts are limited by user.",
  })
  changePassword(
    @Arg("input", { description: "The old and the new password." }) input: ChangePasswordInput,
    @Ctx() context: RequestContext,
  ): Promise<ChangePasswordPayload> {
    return payload(changePassword(personContext(context), input).then(() => ({})));
  }
}
