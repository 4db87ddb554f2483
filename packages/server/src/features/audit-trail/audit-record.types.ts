import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import type { Page } from "../../db/page.js";
import { Cost, rowsOfThePage } from "../../graphql/cost.js";
import { DateTime, enumOf, NodeType, PageInfoType } from "../../graphql/graphql-types.js";
import { type OrderDirection, OrderDirectionEnum } from "../../graphql/order-direction.js";
import { DateTimeRange } from "../../graphql/range.types.js";
import type { AuditRecordEntity } from "../audit/audit-record.entity.js";
import { type HeadSignature, headSignatures } from "../audit/heads/head-signature.js";

const AuditRecordOrderFieldEnum = enumOf("AuditRecordOrderField", ["AT"], "A field to order audit records by.", {
  AT: "When they happened, by their position in the trail.",
});

@InputType({ description: "A field and a direction to order by." })
export class AuditRecordOrder {
  @Field(() => AuditRecordOrderFieldEnum, { description: "Field to order by." }) field: "AT";
  @Field(() => OrderDirectionEnum, { description: "Sort direction." }) direction: OrderDirection;
}

@ObjectType("AuditRecord", {
  implements: NodeType,
  description: "An event in an account. Never changed or removed.",
})
export class AuditRecordType extends NodeType {
  /** Not fields. `actor` is resolved from them. */
  actorId: string | null;
  actorName: string | null;

  @Field(() => Int, { description: "Position in the account's trail, without gaps." }) sequence: number;
  @Field(() => DateTime, { description: "When it happened." }) at: Date;
  @Field({ description: "The event, e.g. api_token.disabled." }) event: string;
  @Field({ description: "Description for people." }) summary: string;
  @Field(() => ID, { description: "ID of the object of the event." }) objectId: string;
  @Field({ description: "Name of the object at that time." }) objectName: string;
  @Field(() => String, { nullable: true, description: "IP address of the request." }) ip: string | null;
  @Field(() => String, { nullable: true, description: "User agent of the request." })
  userAgent: string | null;
  @Cost({ own: 5 })
  @Field({ description: "The whole record as JSON, with the state before and after. Never includes secrets." })
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

/** An altered record may contain anything, but must still be readable. */
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
  /** Not a field. Counts when it is called. */
  count: Page<unknown>["count"];

  @Cost(rowsOfThePage)
  @Field(() => [AuditRecordEdgeType], { description: "The rows with their cursors." })
  edges: AuditRecordEdgeType[];
  @Cost(rowsOfThePage)
  @Field(() => [AuditRecordType], { description: "The rows." })
  nodes: AuditRecordType[];
  @Field(() => PageInfoType, { description: "Position of the page." }) pageInfo: PageInfoType;
}

@ObjectType("AuditHead", {
  description: "The newest record. Save it elsewhere to detect truncation of the trail.",
})
export class AuditHeadType {
  @Field(() => Int, { description: "Number of the record. 0 if there is none yet." }) sequence: number;
  @Field({ description: "SHA-256 of the record and all before it, in hex." }) hash: string;
  @Field(() => String, {
    nullable: true,
    description: "HMAC-SHA256 of account, sequence and hash, in hex. Null if the head is unsigned.",
  })
  signature: string | null;
  @Field(() => String, {
    nullable: true,
    description: "ID of the encryption key it is signed with. Null if the head is unsigned.",
  })
  keyId: string | null;
}

const HeadSignatureEnum = enumOf("AuditHeadSignature", headSignatures, "Whether Hallpass wrote the trail head.", {
  VALID: "Signed with an encryption key, which is not in the database.",
  UNSIGNED:
    "Unsigned: not written by Hallpass, written without an encryption key, or after a head that was not validly signed.",
  INVALID: "The signature does not match this head.",
  UNCHECKED: "The key it is signed with is not configured.",
});

@ObjectType("AuditTrailFault", { description: "The first mismatch in the trail." })
export class AuditTrailFaultType {
  @Field(() => Int, { description: "Number of the first record that was altered, removed, moved or added." })
  sequence: number;
  @Field({ description: "Description of the mismatch." }) message: string;
}

@ObjectType("AuditTrailVerification", {
  description: "The account's hash chain, recomputed from its first record that is not archived.",
})
export class AuditTrailVerificationType {
  @Field(() => Int, { description: "Number of records read." }) records: number;
  @Field(() => Int, {
    description: "Number of older records, which an operator has moved to an archive. Not verified.",
  })
  archivedRecords: number;
  @Field(() => AuditHeadType, { description: "The newest record as stored." }) head: AuditHeadType;
  @Field(() => HeadSignatureEnum, { description: "Whether the head is validly signed." }) headSignature: HeadSignature;
  @Field(() => AuditTrailFaultType, { nullable: true, description: "The first mismatch. Null if the trail is intact." })
  fault: AuditTrailFaultType | null;
}

@InputType({ description: "A saved head." })
export class AuditHeadInput {
  @Field(() => Int, { description: "Number of the record." }) sequence: number;
  @Field({ description: "Hash of the record, in hex." }) hash: string;
  @Field(() => String, {
    nullable: true,
    description: "Signature of the head, in hex. Checked if its key is configured.",
  })
  signature?: string | null;
  @Field(() => String, { nullable: true, description: "ID of the encryption key it is signed with." }) keyId?:
    | string
    | null;
}

@InputType({ description: "All conditions must match." })
export class AuditRecordFilter {
  @Field(() => [ID], { nullable: true, description: "The object is one of these." }) objectIds?: string[] | null;
  @Field(() => [ID], { nullable: true, description: "The actor is one of these." }) actorIds?: string[] | null;
  @Field(() => [String], { nullable: true, description: "One of these events, e.g. api_token.disabled." })
  events?: string[] | null;
  @Field(() => DateTimeRange, { nullable: true, description: "When it happened." }) at?: DateTimeRange | null;
}
