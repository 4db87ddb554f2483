// Without MariaDB every suite of its project counts as skipped; with CI set the global set-up has failed before this.
if (!process.env.HALLPASS_TEST_MARIADB_PORT) Object.assign(globalThis, { describe: describe.skip });
