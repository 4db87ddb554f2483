import { Field, ID, InputType, ObjectType } from "type-graphql";
import { PayloadType } from "../../graphql/graphql-types.js";
import type { SessionEntity } from "../sessions/session.entity.js";

@ObjectType("Session", { description: "A browser in which the user is signed in." })
export class SessionType {
  @Field(() => ID, { description: "Identifies the session. Not its cookie." }) id: string;
  @Field({ description: "Whether the request belongs to it." }) isCurrent: boolean;
  @Field({ description: "When the user signed in." }) createdAt: Date;
  @Field({ description: "When it was last used, accurate to five minutes." }) lastSeenAt: Date;
  @Field(() => String, { nullable: true, description: "IP address it was last used from. Null if unknown." })
  ip: string | null;
  @Field(() => String, { nullable: true, description: "User agent it was last used with. Null if unknown." })
  userAgent: string | null;
}

export function toSession(session: SessionEntity, currentId: string): SessionType {
  const { id, createdAt, lastSeenAt, ip, userAgent } = session;
  return Object.assign(new SessionType(), { id, createdAt, lastSeenAt, ip, userAgent, isCurrent: id === currentId });
}

@InputType({ description: "The sessions to end." })
export class EndSessionsInput {
  @Field(() => [ID], { description: "Of `viewer.sessions`." }) ids: string[];
}

@ObjectType({ description: "The browsers are signed out." })
export class EndSessionsPayload extends PayloadType {
  @Field(() => [ID], {
    nullable: true,
    description: "IDs of the sessions that were ended. The rest match no session of the user.",
  })
  endedIds?: string[] | null;
}

@InputType({ description: "The current and the new password." })
export class ChangePasswordInput {
  @Field({ description: "The user's current password." }) currentPassword: string;
  @Field({ description: "12 to 1,024 characters, and not a common password." }) newPassword: string;
}

@ObjectType({ description: "The password is changed, and all browsers but this one are signed out." })
export class ChangePasswordPayload extends PayloadType {}
