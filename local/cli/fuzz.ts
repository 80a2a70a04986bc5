// `npm run fuzz`: sends drawn requests to a pattern's API, valid and invalid ones, and judges every answer.
import { parseArgs } from 'node:util';
import { PATTERNS } from '../../patterns/patterns';
import { type FuzzResult, fuzz } from '../fuzz/fuzz';
import type { FuzzTarget } from '../fuzz/target';
import { localPattern } from './local-pattern';
import { openPattern, patternNamed, type SynthesizedPattern } from './patterns';
import { Progress } from './progress';
import { integer, runCommand, UsageError } from './usage-error';

const NAMES = PATTERNS.map(({ name }) => name);
const ALL = 'all';
const USUAL = 2000;
const MOST = 1_000_000;
const LARGEST_SEED = 2 ** 32 - 1;

const HELP = `npm run fuzz -- <pattern> [options]

  pattern         ${NAMES.join(', ')}, or all of them one after the other
  --requests <n>  requests to each, 1 to ${MOST} (default ${USUAL}); what reads back comes on top
  --seed <n>      where chance starts, 1 to ${LARGEST_SEED} (default: drawn, and printed)

Requests are valid ones of several users, and such with one to three changes: to the method, the path, the query, cursors,
headers, tokens, and the body. Exits 1 when an answer is a 5xx or no documented one, when a refused request leaves
something behind, when a user reads what is another's, when something accepted is not done in the end, or when a
client's mistake ends in an error log, a dead letter or an alarm; then it prints the smallest run that does so.`;

const progress = new Progress();
let synthesized: SynthesizedPattern | undefined;
let target: FuzzTarget | undefined;

async function main(): Promise<number> {
  const { values, positionals } = read();
  if (values.help === true) {
    progress.say(HELP);
    return 0;
  }
  const [name, ...more] = positionals;
  if (name === undefined) throw new UsageError(`Name a pattern: ${[...NAMES, ALL].join(', ')}`);
  if (more.length > 0) throw new UsageError(`One pattern at a time, or ${ALL}, not "${positionals.join(' ')}"`);
  if (name !== ALL) patternNamed(name);
  const drawn = 1 + Math.floor(Math.random() * LARGEST_SEED);
  const seed = values.seed === undefined ? drawn : integer('seed', values.seed, LARGEST_SEED);
  const requests = integer('requests', values.requests, MOST);
  progress.say(`Seed ${seed}.`);
  const failed: string[] = [];
  for (const pattern of name === ALL ? NAMES : [name]) {
    const result = await run(pattern, seed, requests);
    if (result === undefined && name !== ALL) throw new UsageError(`${name} has no API that takes requests`);
    if (result?.failure === undefined) continue;
    progress.say(`\nReplay: npm run fuzz -- ${pattern} --seed ${seed} --requests ${requests}\n`);
    failed.push(pattern);
  }
  if (failed.length === 0) return 0;
  progress.say(`SOMETHING IS WRONG: ${failed.join(', ')}.`);
  return 1;
}

/** @returns undefined for a pattern without an API */
async function run(pattern: string, seed: number, requests: number): Promise<FuzzResult | undefined> {
  const local = await localPattern(pattern);
  if (local.fuzz === undefined) return undefined;
  progress.say(`Synthesizing ${pattern} (stage dev) …`);
  synthesized = await openPattern(pattern);
  target = await local.fuzz(synthesized.stack);
  progress.say(`Sending ${requests} requests …`);
  const result = await fuzz(target, {
    seed,
    requests,
    onProgress: (sent) => progress.update(() => `${sent} of ${requests} sent`),
    onShrink: (tries) =>
      progress.update(() => `An answer is wrong. Searching for the smallest run that shows it: ${tries} tried`),
  });
  await end();
  progress.clear();
  show(pattern, result);
  return result;
}

function show(pattern: string, { requests, reads, statuses, failure }: FuzzResult): void {
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} x ${status}`);
  progress.say(`${pattern}: ${requests} requests, ${reads} read-backs: ${counts.join(', ')}`);
  if (failure === undefined) {
    progress.say('No 5xx, no read across users, no trace of a refused request, and no alarm.');
    return;
  }
  progress.say('\nThe smallest run found that goes wrong:\n');
  for (const line of failure.requests) progress.say(`  ${line}`);
  progress.say('');
  for (const fault of failure.faults) progress.say(`  ${fault}`);
}

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        requests: { type: 'string', default: String(USUAL) },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. See npm run fuzz -- --help`);
  }
}

async function end(): Promise<void> {
  const [open, files] = [target, synthesized];
  target = undefined;
  synthesized = undefined;
  await open?.close();
  files?.remove();
}

void runCommand(main, end).finally(end);
