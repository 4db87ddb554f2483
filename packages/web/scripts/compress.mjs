// Compresses what the build wrote, next to each file: the server sends the form that the browser accepts.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const compressible = /\.(js|css|html|svg)$/;

const forms = {
  ".br": (content) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  ".gz": (content) => promisify(gzip)(content, { level: 9 }),
};

const entries = await readdir(dist, { recursive: true });
await Promise.all(
  entries
    .filter((path) => compressible.test(path))
    .map(async (path) => {
      const file = join(dist, path);
      const content = await readFile(file);
      for (const [extension, compress] of Object.entries(forms))
        await writeFile(file + extension, await compress(content));
    }),
);
