import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { Cost, rowsOfThePage } from "../../graphql/cost.js";
import { DateTime, enumOf, NodeType, PageInfoType } from "../../graphql/graphql-types.js";
import { DateTimeRange } from "../../graphql/range.types.js";
import type { AuditRecordEntity } from "./audit-record.entity.js";
import { type HeadSignature, headSignatures } from "./heads/head-signature.js";

@ObjectType("AuditRecord", {
  implements: NodeType,
  description: "Something that happened in an account. Never changed, never removed.",
})
export class AuditRecordType extends NodeType {
  /** Not fields: what `actor` is resolved from. */
  actorId: string | null;
  actorName: string | null;

  @Field(() => Int, { description: "Position in the account's trail, without gaps." }) sequence: number;
  @Field(() => DateTime, { description: "When it happened." }) at: Date;
  @Field({ description: "What happened, e.g. api_token.disabled." }) event: string;
  @Field({ description: "What happened, for people." }) summary: string;
  @Field(() => ID, { description: "What it happened to." }) objectId: string;
  @Field({ description: "The object's name as it was then." }) objectName: string;
  @Field(() => String, { nullable: true, description: "Address that the request came from." }) ip: string | null;
  @Field(() => String, { nullable: true, description: "Program that sent the request, as it called itself." })
  userAgent: string | null;
  @Cost({ own: 5 })
  @Field({ description: "The whole record as JSON, before and after included, secrets never." })
  details: string;
}

export function toAuditRecord(record: AuditRecordEntity): AuditRecordType {
  const {
    accountId,
    sequence,
    at,
    event,
    summary,
    objectId,
    objectName,
    actorId,
    actorName,
    ip,
    userAgent,
    requestId,
    hash,
  } = record;
  const details = {
    account: accountId,
    sequence,
    at,
    event,
    summary,
    object: { id: objectId, name: objectName },
    actor: actorId && { id: actorId, name: actorName },
    ip,
    userAgent,
    requestId,
    ...changesOf(record),
    hash,
  };
  return Object.assign(new AuditRecordType(), {
    id: auditRecordId(accountId, sequence),
    sequence,
    at,
    event,
    summary,
    objectId,
    objectName,
    actorId,
    actorName,
    ip,
    userAgent,
    details: JSON.stringify(details),
  });
}

/** A record that somebody has altered may hold anything, and is still to be looked at. */
function changesOf({ changes }: AuditRecordEntity): object {
  try {
    return JSON.parse(changes);
  } catch {
    return { changes };
  }
}

/** `AUD-<digits of the account>-<sequence>`. */
export function auditRecordId(accountId: string, sequence: number): string {
  return `AUD${accountId.slice(3)}-${sequence}`;
}

export function parseAuditRecordId(id: string): { accountId: string; sequence: number } | null {
  const match = /^AUD((?:-[0-9]{4})+)-([1-9][0-9]{0,9})$/.exec(id);
  return match?.[1] && match[2] ? { accountId: `ACC${match[1]}`, sequence: Number(match[2]) } : null;
}

@ObjectType("AuditRecordEdge", { description: "A record and its place in the list (Relay)." })
export class AuditRecordEdgeType {
  @Field(() => AuditRecordType, { description: "The record." }) node: AuditRecordType;
  @Field({ description: "For `after` and `before`." }) cursor: string;
}

@ObjectType("AuditRecordConnection", { description: "A page of records (Relay)." })
export class AuditRecordConnectionType {
  /** Not a field: counts when `totalCount` is asked for. */
  count: () => Promise<number>;

  @Cost(rowsOfThePage)
  @Field(() => [AuditRecordEdgeType], { description: "The rows with their cursors." })
  edges: AuditRecordEdgeType[];
  @Cost(rowsOfThePage)
  @Field(() => [AuditRecordType], { description: "The rows." })
  nodes: AuditRecordType[];
  @Field(() => PageInfoType, { description: "Position of the page." }) pageInfo: PageInfoType;
}

@ObjectType("AuditHead", {
  description: "The newest record. Note it elsewhere, and a trail that was cut off is found out.",
})
export class AuditHeadType {
  @Field(() => Int, { description: "Number of the record; 0: there is none yet." }) sequence: number;
  @Field({ description: "SHA-256 of the record and of all before it, in hex." }) hash: string;
  @Field(() => String, {
    nullable: true,
    description: "HMAC-SHA256 of account, sequence and hash, in hex. Null if the head is unsigned.",
  })
  signature: string | null;
  @Field(() => String, {
    nullable: true,
    description: "Encryption key it is signed with. Null if the head is unsigned.",
  })
  keyId: string | null;
}

const HeadSignatureEnum = enumOf("AuditHeadSignature", headSignatures, "Whether Hallpass wrote the trail's head.", {
  VALID: "Signed with an encryption key, which Hallpass has and the database has not.",
  UNSIGNED: "Unsigned: written past Hallpass, without an encryption key, or after a head that was not validly signed.",
  INVALID: "The signature is not of this head.",
  UNCHECKED: "The key it is signed with is not configured.",
});

@ObjectType("AuditTrailFault", { description: "Where the trail is not as it was written." })
export class AuditTrailFaultType {
  @Field(() => Int, { description: "Number of the first record that is altered, missing, moved or added." })
  sequence: number;
  @Field({ description: "What is wrong with it." }) message: string;
}

@ObjectType("AuditTrailVerification", {
  description: "The account's hash chain, computed again from its first record.",
})
export class AuditTrailVerificationType {
  @Field(() => Int, { description: "Records that were read." }) records: number;
  @Field(() => AuditHeadType, { description: "The newest record as it is stored." }) head: AuditHeadType;
  @Field(() => HeadSignatureEnum, { description: "Whether the head is validly signed." }) headSignature: HeadSignature;
  @Field(() => AuditTrailFaultType, { nullable: true, description: "Null: every record is as it was written." })
  fault: AuditTrailFaultType | null;
}

@InputType({ description: "A record that somebody has noted." })
export class AuditHeadInput {
  @Field(() => Int, { description: "Its number." }) sequence: number;
  @Field({ description: "Its hash, in hex." }) hash: string;
  @Field(() => String, { nullable: true, description: "Its signature, in hex. Checked if its key is configured." })
  signature?: string | null;
  @Field(() => String, { nullable: true, description: "The key it is signed with." }) keyId?: string | null;
}

@InputType({ description: "All conditions hold together." })
export class AuditRecordFilter {
  @Field(() => [ID], { nullable: true, description: "Happened to one of these." }) objectIds?: string[] | null;
  @Field(() => [ID], { nullable: true, description: "Done by one of these." }) actorIds?: string[] | null;
  @Field(() => [String], { nullable: true, description: "One of these events, e.g. api_token.disabled." })
  events?: string[] | null;
  @Field(() => DateTimeRange, { nullable: true, description: "When it happened." }) at?: DateTimeRange | null;
}
