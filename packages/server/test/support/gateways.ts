import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Running, startProgram } from "./programs.js";

const documented = join(__dirname, "../../../../docs/gateways");

/** The addresses of a documented file, replaced by those of the test. */
export interface Addresses {
  gateway: number;
  /** Where Apache listens for its own requests. */
  inner?: number;
  hallpass: string;
  api: number;
  /** The token that introspects. */
  verifier: { id: string; value: string };
}

/** A gateway that runs its documented file. */
export interface Gateway {
  name: string;
  /** What must be installed. */
  programs: string[];
  /** Its statuses while Hallpass hangs and while it is away, as docs/gateways/README.md says. */
  whenHung: number;
  whenAway: number;
  start(folder: string, port: number): Promise<Running>;
}

const apacheModule = (name: string) => `/usr/lib/apache2/modules/mod_${name}.so`;

export const gateways: Gateway[] = [
  {
    name: "nginx",
    programs: ["nginx"],
    whenHung: 503,
    whenAway: 503,
    start(folder, port) {
      for (const each of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) mkdirSync(join(folder, each));
      const site = readFileSync(join(folder, "nginx.conf"), "utf8");
      writeFileSync(join(folder, "nginx.conf"), nginxSettings(site));
      return startProgram("nginx", ["-c", join(folder, "nginx.conf"), "-p", folder, "-e", "error.log"], port);
    },
  },
  {
    name: "Caddy",
    programs: ["caddy"],
    whenHung: 504,
    whenAway: 502,
    start(folder, port) {
      const site = readFileSync(join(folder, "Caddyfile"), "utf8");
      writeFileSync(join(folder, "Caddyfile"), `{\n\tadmin off\n\tstorage file_system ${folder}/caddy\n}\n${site}`);
      return startProgram("caddy", ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"], port);
    },
  },
  {
    name: "HAProxy",
    programs: ["haproxy"],
    whenHung: 503,
    whenAway: 503,
    start: (folder, port) => startProgram("haproxy", ["-f", join(folder, "haproxy.cfg")], port),
  },
  {
    name: "Apache httpd",
    programs: ["apache2", ...(existsSync(apacheModule("oauth2")) ? [] : ["libapache2-mod-oauth2"])],
    whenHung: 401,
    whenAway: 401,
    async start(folder, port) {
      const modules = [
        ...["mpm_event", "authn_core", "authz_core", "authz_user", "headers", "oauth2"],
        ...["proxy", "proxy_http", "proxy_wstunnel"],
      ];
      const load = modules.map((each) => `LoadModule ${each}_module ${apacheModule(each)}`);
      const user = process.getuid?.() === 0 ? ["User www-data", "Group www-data"] : [];
      const settings = [
        `ServerRoot ${folder}`,
        "PidFile httpd.pid",
        "ErrorLog error.log",
        "ServerName test",
        ...user,
        ...load,
      ];
      writeFileSync(join(folder, "httpd.conf"), `${[...settings, `Include ${folder}/apache.conf`].join("\n")}\n`);
      const running = await startProgram("apache2", ["-f", join(folder, "httpd.conf"), "-DFOREGROUND"], port);
      // Killed, it would leave its workers behind.
      return { ...running, kill: running.stop };
    },
  },
];

/** The nginx settings that the document leaves to the installation. */
export const nginxSettings = (site: string) => `daemon off;
master_process off;
pid nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  ${site}
}`;

/** A folder with the documented files, in which the addresses are the test's. `change` is an operator's edit. */
export function folderOf(
  { gateway, inner = 8081, hallpass, api, verifier }: Addresses,
  change: (file: string, text: string) => string = (_file, text) => text,
): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "hallpass-gateway-"));
  cpSync(documented, path, { recursive: true });
  for (const file of readdirSync(path)) {
    const text = change(file, readFileSync(join(path, file), "utf8"));
    const replaced = text
      .replaceAll("127.0.0.1:8080", `127.0.0.1:${gateway}`)
      .replaceAll("127.0.0.1:8081", `127.0.0.1:${inner}`)
      .replaceAll("127.0.0.1:4000", hallpass)
      .replaceAll("127.0.0.1:9000", `127.0.0.1:${api}`)
      .replaceAll("TKN-0000-0000", verifier.id)
      .replaceAll("client_secret=hp_…", `client_secret=${verifier.value}`);
    writeFileSync(join(path, file), replaced);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** RFC 6455, section 1.3. */
const websocketGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The API behind a gateway. It accepts WebSockets, and remembers its last request. */
export class Api {
  requests = 0;
  received = 0;
  lastUrl = "";
  /** Names as they arrived, with values. */
  lastHeaders: [string, string][] = [];
  private readonly server: Server = createServer((request, response) => {
    this.remember(request);
    this.received = 0;
    request.on("data", (chunk) => {
      this.received += chunk.length;
    });
    request.on("end", () => response.end("from the API"));
  }).on("upgrade", (request, socket) => {
    this.remember(request);
    const accept = createHash("sha1")
      .update(`${request.headers["sec-websocket-key"]}${websocketGuid}`)
      .digest("base64");
    const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write([...lines, `Sec-WebSocket-Accept: ${accept}`, "", ""].join("\r\n"));
    // Sends back what it receives.
    socket.on("data", (data) => socket.write(data)).on("error", () => {});
  });

  private remember(request: IncomingMessage): void {
    this.requests++;
    this.lastUrl = request.url ?? "";
    const { rawHeaders } = request;
    this.lastHeaders = rawHeaders.flatMap((name, index): [string, string][] =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ""]] : [],
    );
  }

  /** Every header of the last request whose name could be taken for this one. */
  headers(name: string): [string, string][] {
    const same = (each: string) => each.toLowerCase().replaceAll("_", "-") === name;
    return this.lastHeaders.filter(([each]) => same(each)).map(([each, value]) => [each.toLowerCase(), value]);
  }

  start(): Promise<number> {
    return new Promise((resolve) => {
      this.server.listen(0, "127.0.0.1", () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
