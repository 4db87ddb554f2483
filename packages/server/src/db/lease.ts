import { Brackets, type DataSource, Entity } from "typeorm";
import { TextColumn, TimeColumn } from "./columns.js";

/** A task that only one process at a time does. The migration inserts a row for each. */
@Entity("lease")
export class LeaseEntity {
  @TextColumn("name", 32, { primary: true }) name: string;
  /** A random UUID for each process. */
  @TextColumn("holder", 36) holder: string;
  @TimeColumn("expires_at") expiresAt: Date;
}

/** Takes the lease, or renews it, until `expiresAt`. Returns false while another process has it. */
export async function takeLease(
  { manager }: DataSource,
  { name, holder, now, expiresAt }: { name: string; holder: string; now: Date; expiresAt: Date },
): Promise<boolean> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(LeaseEntity)
    .set({ holder, expiresAt })
    .where({ name })
    .andWhere(new Brackets((free) => free.where("expires_at <= :now", { now }).orWhere({ holder })))
    .execute();
  return affected === 1;
}
