// Without MariaDB, every suite of its project is skipped. On CI, the global setup has already failed.
if (!process.env.HALLPASS_TEST_MARIADB_PORT) Object.assign(globalThis, { describe: describe.skip });
