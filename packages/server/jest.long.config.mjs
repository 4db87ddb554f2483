import { inTwoWorkers, onMariadb, onSqlite } from "./jest.config.mjs";

/** What `npm run faults` runs first: suites that start processes of their own, and on MariaDB every suite. */
export default inTwoWorkers(
  onSqlite("test/long", "test/long/sqlite"),
  onMariadb("test", "test/long", "test/long/mariadb"),
);
