import { Api, folderOf, gateways } from "../../test/support/gateways.js";
import { freePort } from "../../test/support/mariadb.js";

/** An edit of docs/gateways/nginx.conf: these servers, `host:port`, are the upstream. */
export const withServers = (hosts: string[]) => (_file: string, text: string) =>
  text.replace("  server 127.0.0.1:4000;\n", hosts.map((host) => `  server ${host} max_fails=0;\n`).join(""));

/** nginx with its documented file in front of an API, asking these Hallpass servers. */
export async function startGateway(hosts: string[]): Promise<{ url: string; stop(): Promise<void> }> {
  const api = new Api();
  const port = await freePort();
  const addresses = {
    gateway: port,
    hallpass: String(hosts[0]),
    api: await api.start(),
    verifier: { id: "", value: "" },
  };
  const folder = folderOf(addresses, withServers(hosts));
  const nginx = await gateways[0]?.start(folder.path, port);
  return {
    url: `http://127.0.0.1:${port}/things/1`,
    async stop() {
      await nginx?.kill();
      api.stop();
      folder.remove();
    },
  };
}
