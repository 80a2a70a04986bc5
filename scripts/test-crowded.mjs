// `npm run test:crowded [-- files]`: the tests beside four busy processes. What fails here and passes alone decides by the clock.
import { spawn } from 'node:child_process';

const BUSY_PROCESSES = 4;
/** Ends by itself when this process is gone: its input is closed then. */
const BUSY =
  "process.stdin.resume().on('end', () => process.exit()); (function spin() { for (let i = 0; i < 1e7; i += 1); setImmediate(spin); })();";

const busy = Array.from({ length: BUSY_PROCESSES }, () =>
  spawn(process.execPath, ['-e', BUSY], { stdio: ['pipe', 'ignore', 'ignore'] }),
);
console.log(`${BUSY_PROCESSES} busy processes run beside the tests.`);
const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => vitest.kill(signal));
vitest.on('exit', (code) => {
  for (const each of busy) each.kill('SIGKILL');
  process.exitCode = code ?? 1;
});
