// What the web app's site weighs, and how long a first visit takes in Chromium: on this machine, and over a phone's line. Run
// it after a build with `npm run bench:site`. Exit code 1 when the site has 60 KB compressed, or a first visit takes 3 s.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const ROUNDS = 11;
const MAX_COMPRESSED_BYTES = 60_000;
const MAX_VISIT_MS = 3_000;
/** What Lighthouse takes for a slow phone's line (github.com/GoogleChrome/lighthouse: docs/throttling.md). */
const PHONE = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
const MEDIA_TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

const folder = fileURLToPath(new URL('../dist/site/web-app', import.meta.url));
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const gzipped = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
const brotli = files.reduce((sum, file) => sum + brotliCompressSync(readFileSync(file)).length, 0);
console.log(`${files.length} files: ${gzipped} bytes by gzip, ${brotli} by brotli`);

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) throw new Error(`No Chromium at ${executablePath}: name one by CHROMIUM=<path>`);
const server = createServer(({ url = '/' }, response) => {
  if (url === '/config.json') {
    response.setHeader('content-type', 'application/json').end('{"loginUrl":"http://127.0.0.1:9","clientId":"bench"}');
    return;
  }
  const file = join(folder, extname(url) === '' ? 'index.html' : url);
  const type = MEDIA_TYPES[extname(file)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'content-encoding': 'br' });
  response.end(brotliCompressSync(readFileSync(file)));
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });

/** Milliseconds until a new visitor sees the page, which asks them to sign in. */
async function firstVisit(network) {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (network !== undefined) {
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', network);
  }
  const begin = performance.now();
  await page.goto(origin, { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const time = performance.now() - begin;
  await context.close();
  return time;
}

const medians = {};
for (const [line, network] of Object.entries({ 'this machine': undefined, 'a slow phone': PHONE })) {
  await firstVisit(network);
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await firstVisit(network));
  times.sort((a, b) => a - b);
  medians[line] = times[Math.floor(ROUNDS / 2)];
  const [fast, slow] = [times[0], times[ROUNDS - 1]].map((time) => Math.round(time));
  console.log(`first visit, ${line}: ${Math.round(medians[line])} ms (median of ${ROUNDS}, ${fast} to ${slow})`);
}
await browser.close();
server.close();
process.exitCode = gzipped < MAX_COMPRESSED_BYTES && medians['a slow phone'] < MAX_VISIT_MS ? 0 : 1;
