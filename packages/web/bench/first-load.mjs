// The first load of the list of tokens in a real browser without a cache: bytes, requests, and when the first row shows.
import { launchChromium } from "../e2e/support/chromium.mjs";
import { startDemoServer } from "../e2e/support/demo-server.mjs";
import { bytesOf, measureFirstLoad } from "../e2e/support/first-load.mjs";

const rounds = 3;

const [server, browser] = await Promise.all([startDemoServer(), launchChromium()]);
await measureFirstLoad(server, browser);
console.log("| | first row, ms, median of three | requests | scripts, KiB | styles, KiB |");
console.log("|---|--:|--:|--:|--:|");
for (const slowly of [false, true]) {
  const loads = [];
  for (let round = 0; round < rounds; round++) loads.push(await measureFirstLoad(server, browser, { slowly }));
  const { firstRowMs, requests } = loads.toSorted((a, b) => a.firstRowMs - b.firstRowMs)[1];
  if (process.env.BENCH_VERBOSE)
    for (const { path, bytes, begin, end } of requests) console.log(begin.toFixed(3), end?.toFixed(3), bytes, path);
  const kibibytes = (type) => (bytesOf(requests, type) / 1024).toFixed(1);
  const name = slowly ? "1.6 Mbit/s, 150 ms, processor four times slower" : "unthrottled";
  console.log(
    `| ${name} | ${firstRowMs.toFixed(0)} | ${requests.length} | ${kibibytes("Script")} | ${kibibytes("Stylesheet")} |`,
  );
}
await Promise.all([server.stop(), browser.close()]);
