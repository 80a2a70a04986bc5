// `npm run demo`: runs a pattern from its synthesized template, under traffic with faults in it, and shows what became of it.
import { parseArgs } from 'node:util';
import { VirtualClock } from '../clock/virtual-clock';
import { WallClock } from '../clock/wall-clock';
import type { LocalEngine } from '../engine/local-engine';
import { type MotoServer, startMoto } from '../oracle/moto-server';
import { runEventDrivenOnMoto } from '../oracle/run-on-moto';
import { BAD_DAY, LONG_DAY } from '../scenarios/days';
import type { Sent } from '../scenarios/event-driven';
import { type EventDrivenResult, type EventDrivenRun, runEventDriven } from '../scenarios/event-driven-run';
import { EVENT_DRIVEN_WEAKENINGS } from '../weaken/event-driven';
import { weaken } from '../weaken/weaken';
import { Progress } from './progress';
import { compareEventDriven, showEventDriven } from './show-event-driven';
import { type SynthesizedPattern, synthesizePattern } from './synthesize-pattern';
import { runCommand, UsageError } from './usage-error';

const HELP = `npm run demo -- [pattern] [options]

  pattern              event-driven (default)
  --orders <n>         orders to place, 1 to 100000 (default 500)
  --seed <n>           where chance starts (default 42)
  --virtual            in virtual time, handlers in this process: 100,000 orders in minutes, and a seed repeats
                       a run to the last millisecond
  --engine <name>      what keeps tables, queues and topics: local (default), or moto (needs Python 3.10)
  --without <id>       takes one handling out and shows the damage beside the healthy run
  --list               the ids that --without takes
  --assembly <folder>  runs what "cdk synth" left there instead of synthesizing`;

const progress = new Progress();
let running: LocalEngine | undefined;
let pattern: SynthesizedPattern | undefined;
let moto: MotoServer | undefined;

async function demo(): Promise<number> {
  const { values, positionals } = read();
  if (values.help === true) {
    progress.say(HELP);
    return 0;
  }
  if (values.list === true) {
    for (const [id, { without, damage }] of Object.entries(EVENT_DRIVEN_WEAKENINGS)) {
      progress.say(`${id}\n  without ${without}\n  ${damage}`);
    }
    return 0;
  }
  const [name = 'event-driven', ...more] = positionals;
  if (more.length > 0) throw new UsageError(`One pattern at a time, not "${positionals.join(' ')}"`);
  const weakening = values.without === undefined ? undefined : weakeningOf(values.without);
  const [orders, seed] = [integer('orders', values.orders, 100_000), integer('seed', values.seed, 2 ** 32 - 1)];
  const virtual = values.virtual === true;
  if (values.engine !== 'local' && values.engine !== 'moto') {
    throw new UsageError(`--engine is local or moto, not "${values.engine}"`);
  }
  if (values.engine === 'moto' && (virtual || weakening !== undefined)) {
    throw new UsageError(`moto keeps real time and is slow: leave ${virtual ? '--virtual' : '--without'} out`);
  }

  progress.say(`Synthesizing ${name} (stage dev) …`);
  pattern = synthesizePattern(name, values.assembly);
  const { stack } = pattern;
  if (values.engine === 'moto') {
    progress.say('Starting moto, an engine that is not ours …');
    moto = await startMoto();
  }
  const day = { ...weakening?.day, faults: { ...(virtual ? LONG_DAY : BAD_DAY), ...weakening?.day?.faults } };
  const burst = Math.min(Math.floor(orders / 4), 200);
  const traffic = { orders, seed, virtual, poison: Math.max(5, orders / 1000), noise: 20, burst, ...day };
  const healthy = await run('with everything in place', stack, traffic);
  if (weakening === undefined) {
    progress.say(`\n${showEventDriven(healthy)}`);
    for (const problem of healthy.report.problems) progress.say(`  PROBLEM: ${problem}`);
    const good = healthy.report.problems.length === 0;
    progress.say(
      good
        ? '\nNothing was lost, and nothing was done twice.'
        : `\nSOMETHING IS WRONG. Replay: npm run demo -- ${name} --${moto === undefined ? 'virtual' : 'engine moto'} --orders ${orders} --seed ${seed}`,
    );
    return good ? 0 : 1;
  }
  const weakened = await weaken(stack, weakening);
  const damaged = await run(`without ${weakening.without}`, weakened.stack, { ...traffic, code: weakened.code });
  progress.say(`\nWithout ${values.without}: ${weakening.without}. ${weakening.damage}\n`);
  progress.say(compareEventDriven(healthy, damaged));
  progress.say('');
  for (const problem of damaged.report.problems) progress.say(`  ${problem}`);
  const shown =
    weakening.shows.test(damaged.report.problems.join('\n')) &&
    !weakening.shows.test(healthy.report.problems.join('\n'));
  progress.say(shown ? '\nThat is what the handling is for.' : '\nTHE DAMAGE DID NOT SHOW.');
  return shown ? 0 : 1;
}

async function run(
  title: string,
  stack: SynthesizedPattern['stack'],
  { virtual, ...options }: Omit<EventDrivenRun, 'clock'> & { readonly virtual: boolean },
): Promise<EventDrivenResult> {
  const wallClock = virtual ? undefined : new WallClock();
  const counts = (engine: LocalEngine, sent: Sent) => {
    const done = engine.pollers.map(
      ({ queue, counts: { succeeded } }) => `${/Shop(\w+?)Work/.exec(queue.name)?.[1]} ${succeeded}`,
    );
    return `${sent.accepted.size} accepted · ${done.join(' · ')}`;
  };
  progress.say(
    `Running ${title}: ${options.orders} orders from seed ${options.seed}, a burst, duplicates, poison, handlers that die …`,
  );
  let sent: Sent | undefined;
  let ticker: NodeJS.Timeout | undefined;
  try {
    const whole: EventDrivenRun = {
      ...options,
      clock: wallClock ?? new VirtualClock(),
      handlers: virtual ? 'process' : 'threads',
      onStart: (engine) => {
        running = engine;
        const left = Object.entries(engine.notRun).map(([kind, count]) => `${count} ${kind}`);
        progress.say(`Not run here: ${left.join(', ')}.`);
        ticker = setInterval(() => sent !== undefined && progress.update(() => counts(engine, sent as Sent)), 100);
      },
      onProgress: (_, latest) => {
        sent = latest;
      },
    };
    return moto === undefined
      ? await runEventDriven(stack, whole)
      : await runEventDrivenOnMoto(stack, whole, moto.endpoint);
  } finally {
    clearInterval(ticker);
    wallClock?.stop();
    progress.clear();
    running = undefined;
  }
}

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        orders: { type: 'string', default: '500' },
        seed: { type: 'string', default: '42' },
        virtual: { type: 'boolean', default: false },
        engine: { type: 'string', default: 'local' },
        without: { type: 'string' },
        assembly: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. See npm run demo -- --help`);
  }
}

function weakeningOf(id: string) {
  const weakening = Object.entries(EVENT_DRIVEN_WEAKENINGS).find(([known]) => known === id)?.[1];
  if (weakening === undefined) {
    throw new UsageError(
      `"${id}" cannot be taken out here; these can: ${Object.keys(EVENT_DRIVEN_WEAKENINGS).join(', ')}`,
    );
  }
  return weakening;
}

function integer(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new UsageError(`--${name} is a whole number from 1 to ${most}, not "${text}"`);
  }
  return value;
}

async function end(): Promise<void> {
  await running?.stop();
  await moto?.stop();
  pattern?.remove();
}

void runCommand(demo, end).finally(end);
