import { inTwoWorkers, onMariadb, onSqlite } from "./jest.config.mjs";

/**
 * Configuration of the first part of `npm run faults`: suites that start their own processes, and every suite on
 * MariaDB.
 */
export default inTwoWorkers(
  onSqlite("test/long", "test/long/sqlite"),
  onMariadb("test", "test/long", "test/long/mariadb"),
);
