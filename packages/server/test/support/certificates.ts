import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificates {
  /** PEM files. */
  ca: string;
  certificate: string;
  key: string;
}

/** A certificate authority of its own in the folder, and a certificate of this host name that it has signed. */
export function createCertificates(folder: string, name: string, host: string): Certificates {
  const at = (file: string) => join(folder, `${name}-${file}`);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "ignore" });
  const newKey = ["-newkey", "rsa:2048", "-nodes", "-days", "1"];
  openssl("req", "-x509", ...newKey, "-keyout", at("ca.key"), "-out", at("ca.pem"), "-subj", `/CN=${name}`);
  openssl("req", ...newKey, "-keyout", at("key.pem"), "-out", at("request.pem"), "-subj", `/CN=${host}`);
  writeFileSync(at("names"), `subjectAltName=DNS:${host}`);
  const signing = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-extfile", at("names")];
  openssl("x509", "-req", "-in", at("request.pem"), ...signing, "-days", "1", "-out", at("certificate.pem"));
  return { ca: at("ca.pem"), certificate: at("certificate.pem"), key: at("key.pem") };
}
