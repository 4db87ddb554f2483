import { createMariadbDatabase } from "../../test/support/database.js";
import { type Mariadb, startMariadb } from "../../test/support/mariadb.js";
import { MysqlProxy } from "./mysql-proxy.js";
import { Rig } from "./rig.js";

export interface MariadbRig {
  mariadb: Mariadb;
  /** Between Hallpass and the database. */
  proxy: MysqlProxy;
  rig: Rig;
  end(): Promise<void>;
}

/** Two processes under load on their own MariaDB. */
export async function startOnMariadb(env: Record<string, string> = {}, within?: string): Promise<MariadbRig> {
  const mariadb = await startMariadb({ within });
  const proxy = await MysqlProxy.start(mariadb.port);
  const database = await createMariadbDatabase(mariadb.port);
  const through = { ...database, env: proxy.settings(database.env) };
  const rig = await Rig.start({
    database: through,
    behind: database.env,
    processes: 2,
    env,
    data: [mariadb.folder],
  });
  return {
    mariadb,
    proxy,
    rig,
    async end() {
      mariadb.signal("SIGCONT");
      await rig.end();
      proxy.stop();
      await mariadb.remove();
    },
  };
}
