import { type MigrationInterface, type QueryRunner, Table } from "typeorm";
import { searchWords } from "../search-words.js";

const table = "api_token_search";
const wordsIndex = "ix_api_token_search_words";
const tokensPerStep = 1_000;

/** SQLite's full-text index of the table's words, and what keeps it up to date: https://sqlite.org/fts5.html, 4.4.3. */
const sqliteIndex = [
  `CREATE VIRTUAL TABLE ${wordsIndex} USING fts5(words, content='${table}', content_rowid='number', detail='none',
     columnsize='0', tokenize='ascii')`,
  `CREATE TRIGGER tr_api_token_search_insert AFTER INSERT ON ${table} BEGIN
     INSERT INTO ${wordsIndex} (rowid, words) VALUES (NEW.number, NEW.words);
   END`,
  `CREATE TRIGGER tr_api_token_search_delete AFTER DELETE ON ${table} BEGIN
     INSERT INTO ${wordsIndex} (${wordsIndex}, rowid, words) VALUES ('delete', OLD.number, OLD.words);
   END`,
  `CREATE TRIGGER tr_api_token_search_update AFTER UPDATE ON ${table} BEGIN
     INSERT INTO ${wordsIndex} (${wordsIndex}, rowid, words) VALUES ('delete', OLD.number, OLD.words);
     INSERT INTO ${wordsIndex} (rowid, words) VALUES (NEW.number, NEW.words);
   END`,
  `INSERT INTO ${wordsIndex} (${wordsIndex}) VALUES ('rebuild')`,
];

/** The words by which tokens are searched. */
export class SearchIndex1765400000000 implements MigrationInterface {
  name = "SearchIndex1765400000000";

  // MariaDB commits each statement separately, so after a migration was killed, some of this may already exist.
  async up(queryRunner: QueryRunner): Promise<void> {
    const { driver, options } = queryRunner.dataSource;
    await queryRunner.createTable(
      new Table({
        name: table,
        columns: [
          {
            name: "number",
            type: driver.normalizeType({ type: "int" }),
            isPrimary: true,
            isGenerated: true,
            generationStrategy: "increment",
          },
          { name: "token_id", type: "varchar", length: "24" },
          { name: "words", type: "text" },
        ],
        indices: [{ name: "ix_api_token_search_token", columnNames: ["token_id"], isUnique: true }],
        foreignKeys: [
          {
            name: "fk_api_token_search_token",
            columnNames: ["token_id"],
            referencedTableName: "api_token",
            referencedColumnNames: ["id"],
            onDelete: "NO ACTION",
            onUpdate: "NO ACTION",
          },
        ],
      }),
      true,
    );
    await addStoredTokens(queryRunner);
    // Faster than adding to it row by row.
    if (options.type === "better-sqlite3") for (const statement of sqliteIndex) await queryRunner.query(statement);
    else if (!(await hasWordsIndex(queryRunner)))
      await queryRunner.query(`CREATE FULLTEXT INDEX ${wordsIndex} ON ${table} (words)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    if (queryRunner.dataSource.options.type === "better-sqlite3") await queryRunner.query(`DROP TABLE ${wordsIndex}`);
    await queryRunner.dropTable(table, true);
  }
}

async function hasWordsIndex(queryRunner: QueryRunner): Promise<boolean> {
  const found = await queryRunner.query(`SHOW INDEX FROM ${table} WHERE Key_name = '${wordsIndex}'`);
  return found.length > 0;
}

async function addStoredTokens(queryRunner: QueryRunner): Promise<void> {
  const isMariadb = queryRunner.dataSource.options.type === "mariadb";
  for (let after = ""; ; ) {
    const tokens: { id: string; account_id: string; search_text: string; known: number | null }[] =
      await queryRunner.query(
        `SELECT token.id, token.account_id, token.search_text, search.number AS known
         FROM api_token token LEFT JOIN ${table} search ON search.token_id = token.id
         WHERE token.id > ? ORDER BY token.id LIMIT ${tokensPerStep}`,
        [after],
      );
    const rows = tokens
      .filter(({ known }) => known === null)
      .map(({ id, account_id, search_text }) => [id, searchWords(account_id, search_text).join(" ")]);
    if (rows.length > 0)
      await queryRunner.query(
        `INSERT INTO ${table} (token_id, words) VALUES ${rows.map(() => "(?, ?)").join(", ")}`,
        rows.flat(),
      );
    // Creating the table ended the transaction, but if it existed already, all steps would be one.
    if (isMariadb) await queryRunner.query("COMMIT");
    after = tokens.at(-1)?.id ?? "";
    if (tokens.length < tokensPerStep) return;
  }
}
