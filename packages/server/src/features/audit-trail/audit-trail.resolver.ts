import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import { callContext, type RequestContext } from "../../context/request-context.js";
import { type PageArgs, pageSizeOf } from "../../db/page.js";
import { Cost } from "../../graphql/cost.js";
import { ActorType, Allow, connection } from "../../graphql/graphql-types.js";
import { countLimit, countUpTo, countUpToDescription, PageArgsType } from "../../graphql/page-args.js";
import { actorOf } from "../api-tokens/actors.js";
import { ApiTokenType } from "../api-tokens/api-token.types.js";
import { verifyAuditTrail } from "../audit/verify-audit-trail.js";
import { currentCaller } from "../callers/current-caller.js";
import {
  AuditHeadInput,
  AuditRecordConnectionType,
  AuditRecordFilter,
  AuditRecordOrder,
  AuditRecordType,
  AuditTrailFaultType,
  AuditTrailVerificationType,
  toAuditRecord,
} from "./audit-record.types.js";
import { costOfTrail, findAuditRecord, listAuditRecords } from "./list-audit-records.js";

@Resolver(() => AuditRecordType)
export class AuditTrailResolver {
  @Allow("auditTrail:read")
  @Cost<PageArgs & { filter?: AuditRecordFilter | null }>({ own: costOfTrail, rows: pageSizeOf })
  @Query(() => AuditRecordConnectionType, { description: "Audit records of the caller's account." })
  async auditTrail(
    @Args(() => PageArgsType) args: PageArgsType,
    @Arg("filter", () => AuditRecordFilter, { nullable: true, description: "Records to return. All if left out." })
    filter: AuditRecordFilter | null,
    @Arg("orderBy", () => AuditRecordOrder, { nullable: true, description: "Newest first by default." })
    orderBy: AuditRecordOrder | null,
    @Ctx() context: RequestContext,
  ): Promise<AuditRecordConnectionType> {
    const page = await listAuditRecords(callContext(context), filter ?? {}, args, orderBy?.direction);
    return connection(page, toAuditRecord);
  }

  @Allow("auditTrail:read")
  @Cost({ own: 20_000 })
  @Query(() => AuditTrailVerificationType, {
    description:
      "Recomputes the hash chain of the account's audit trail and returns the first record that does not match.",
  })
  async auditTrailVerification(
    @Arg("noted", () => AuditHeadInput, { nullable: true, description: "A saved head, to detect truncation." })
    noted: AuditHeadInput | null,
    @Ctx() context: RequestContext,
  ): Promise<AuditTrailVerificationType> {
    const call = callContext(context);
    const { app, caller } = call;
    await app.wholeTrailLimit.take(caller.id);
    const mayContinue = () => currentCaller(call, app.dataSource.manager, "auditTrail:read");
    const saved = noted ? [{ ...noted, signature: noted.signature ?? null, keyId: noted.keyId ?? null }] : [];
    const { mismatch, archived, ...verification } = await verifyAuditTrail(app, caller.account.id, saved, mayContinue);
    return { ...verification, archivedRecords: archived.sequence, fault: mismatch };
  }

  @Cost({ own: 5 })
  @FieldResolver(() => ActorType, { nullable: true, description: "Who performed it. Null if the system did." })
  actor(@Root() record: AuditRecordType, @Ctx() context: RequestContext): Promise<ActorType | null> {
    return actorOf(context, record.actorId, record.actorName);
  }
}

@Resolver(() => ApiTokenType)
export class ApiTokenAuditTrailResolver {
  @Cost({ own: 450, rows: pageSizeOf })
  @Allow("auditTrail:read")
  @FieldResolver(() => AuditRecordConnectionType, { description: "Audit records of the token, newest first." })
  async auditTrail(
    @Root() { id }: ApiTokenType,
    @Args(() => PageArgsType) args: PageArgsType,
    @Ctx() context: RequestContext,
  ): Promise<AuditRecordConnectionType> {
    const page = await context.statementLimit(() => listAuditRecords(callContext(context), { objectIds: [id] }, args));
    return connection(page, toAuditRecord);
  }
}

@Resolver(() => AuditRecordConnectionType)
export class AuditRecordConnectionResolver {
  @FieldResolver(() => Int, { description: "Number of rows in all pages. Counted only when requested." })
  totalCount(@Root() { count }: AuditRecordConnectionType, @Ctx() { statementLimit }: RequestContext): Promise<number> {
    return statementLimit(count);
  }

  @FieldResolver(() => Int, { description: countUpToDescription })
  countUpTo(
    @Root() { count }: AuditRecordConnectionType,
    @Arg("limit", () => Int, countLimit) limit: number,
    @Ctx() { statementLimit }: RequestContext,
  ): Promise<number> {
    return statementLimit(async () => countUpTo(count, limit));
  }
}

@Resolver(() => AuditTrailFaultType)
export class AuditTrailFaultResolver {
  @FieldResolver(() => AuditRecordType, {
    nullable: true,
    description: "The record as it is now. Null if it is missing.",
  })
  async record(
    @Root() { sequence }: AuditTrailFaultType,
    @Ctx() context: RequestContext,
  ): Promise<AuditRecordType | null> {
    const record = await findAuditRecord(callContext(context), sequence);
    return record && toAuditRecord(record);
  }
}
