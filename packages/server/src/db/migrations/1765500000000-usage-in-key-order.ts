import type { MigrationInterface, QueryRunner } from "typeorm";

interface Rebuilt {
  name: string;
  columns: string;
  key: string;
  index: string;
}

/** Their statements as SQLite stores them, except for the primary key. */
const tables: Rebuilt[] = [
  {
    name: "api_token_access",
    columns: `"token_id" varchar(24) NOT NULL, "account_id" varchar(24) NOT NULL, "deleted" integer NOT NULL,
      "last_access_at" datetime(3), "ip" varchar(45), "user_agent" varchar(255),
      CONSTRAINT "fk_api_token_access_token" FOREIGN KEY ("token_id") REFERENCES "api_token" ("id")
        ON DELETE NO ACTION ON UPDATE NO ACTION`,
    key: `"token_id"`,
    index: `"ix_api_token_access_at" ON "api_token_access" ("account_id", "deleted", "last_access_at", "token_id")`,
  },
  {
    name: "token_usage",
    columns: `"token_id" varchar(24) NOT NULL, "day" varchar(10) NOT NULL, "allowed" integer NOT NULL,
      "denied" integer NOT NULL,
      CONSTRAINT "fk_token_usage_token" FOREIGN KEY ("token_id") REFERENCES "api_token" ("id")
        ON DELETE NO ACTION ON UPDATE NO ACTION`,
    key: `"token_id", "day"`,
    index: `"ix_token_usage_day" ON "token_usage" ("day")`,
  },
];

/**
 * Stores usage in the order of its key on SQLite, as InnoDB always does: tokens written together then share pages, and
 * writing takes half the time.
 */
export class UsageInKeyOrder1765500000000 implements MigrationInterface {
  name = "UsageInKeyOrder1765500000000";

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of tables) await rebuild(queryRunner, table, "WITHOUT ROWID");
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of tables) await rebuild(queryRunner, table, "");
  }
}

async function rebuild(queryRunner: QueryRunner, { name, columns, key, index }: Rebuilt, option: string) {
  if (queryRunner.dataSource.options.type !== "better-sqlite3") return;
  await queryRunner.query(`CREATE TABLE "new_${name}" (${columns}, PRIMARY KEY (${key})) ${option}`);
  await queryRunner.query(`INSERT INTO "new_${name}" SELECT * FROM "${name}" ORDER BY ${key}`);
  await queryRunner.query(`DROP TABLE "${name}"`);
  await queryRunner.query(`ALTER TABLE "new_${name}" RENAME TO "${name}"`);
  await queryRunner.query(`CREATE INDEX ${index}`);
}
