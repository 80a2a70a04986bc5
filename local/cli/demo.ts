// `npm run demo`: runs a pattern from its synthesized template, under traffic with faults in it, and shows what became of it.
import { parseArgs } from 'node:util';
import { VirtualClock } from '../clock/virtual-clock';
import { WallClock } from '../clock/wall-clock';
import type { LocalEngine } from '../engine/local-engine';
import { silentAlarms } from '../monitoring/silent-alarms';
import { type MotoServer, startMoto } from '../oracle/moto-server';
import { BAD_DAY } from '../scenarios/days';
import { prepared, weaken } from '../weaken/weaken';
import type { Weakening } from '../weaken/weakening';
import { DATA_PIPELINE_DEMO } from './data-pipeline-demo';
import { EVENT_DRIVEN_DEMO } from './event-driven-demo';
import { GENAI_RAG_DEMO } from './genai-rag-demo';
import { alarmName, type DemoResult, type DemoRun, type PatternDemo } from './pattern-demo';
import { openPattern, type SynthesizedPattern, unknownPattern } from './patterns';
import { Progress } from './progress';
import { table } from './table';
import { integer, runCommand, UsageError } from './usage-error';
import { WEB_APP_DEMO } from './web-app-demo';

const DEMOS: Readonly<Record<string, PatternDemo>> = {
  'event-driven': EVENT_DRIVEN_DEMO,
  'data-pipeline': DATA_PIPELINE_DEMO,
  'web-app': WEB_APP_DEMO,
  'genai-rag': GENAI_RAG_DEMO,
};
/** Options that say how much, each named after what a pattern takes. */
const AMOUNTS = ['orders', 'events', 'requests', 'questions'] as const;
const MOST = 100_000;

const HELP = `npm run demo -- [pattern] [options]

  pattern              event-driven (default), data-pipeline, web-app or genai-rag
  --orders <n>         orders to place, 1 to ${MOST} (event-driven; default ${EVENT_DRIVEN_DEMO.usual})
  --events <n>         events to send, 1 to ${MOST} (data-pipeline; default ${DATA_PIPELINE_DEMO.usual})
  --requests <n>       requests of a crowd, 1 to ${MOST} (web-app; default ${WEB_APP_DEMO.usual})
  --questions <n>      questions of a crowd, 1 to ${MOST} (genai-rag; default ${GENAI_RAG_DEMO.usual})
  --seed <n>           where chance starts (default 42)
  --virtual            in virtual time, handlers in this process: 100,000 in minutes, and a seed repeats a run to the
                       last millisecond (not web-app, whose database keeps real time; genai-rag always)
  --engine <name>      what keeps tables, queues and topics: local (default), or moto (event-driven; needs Python 3.10)
  --without <id>       takes one handling out and shows the damage beside the healthy run
  --list               the ids that --without takes
  --keep <folder>      leaves the lake's files there (data-pipeline)
  --assembly <folder>  runs what "cdk synth" left there instead of synthesizing (web-app: all of it in one stack)`;

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
  const [name = 'event-driven', ...more] = positionals;
  if (more.length > 0) throw new UsageError(`One pattern at a time, not "${positionals.join(' ')}"`);
  const chosen = DEMOS[name];
  if (chosen === undefined) throw unknownPattern(name);
  if (values.list === true) {
    for (const [id, { without, damage }] of Object.entries(chosen.weakenings)) {
      progress.say(`${id}\n  without ${without}\n  ${damage}`);
    }
    return 0;
  }
  const weakening = values.without === undefined ? undefined : weakeningOf(chosen, values.without);
  const [amount, seed] = [amountOf(name, chosen, values), integer('seed', values.seed, 2 ** 32 - 1)];
  const virtual = values.virtual === true || chosen.virtualOnly === true;
  const onMoto = values.engine === 'moto';
  if (values.engine !== 'local' && !onMoto) {
    throw new UsageError(`--engine is local or moto, not "${values.engine}"`);
  }
  if (onMoto && chosen.runOnMoto === undefined) throw new UsageError(`${name} does not run on moto`);
  if (virtual && chosen.realTimeOnly !== undefined) {
    throw new UsageError(`${name} does not run in virtual time: ${chosen.realTimeOnly}`);
  }
  if (onMoto && (virtual || weakening !== undefined)) {
    throw new UsageError(`moto keeps real time and is slow: leave ${virtual ? '--virtual' : '--without'} out`);
  }

  progress.say(`Synthesizing ${name} (stage dev) …`);
  pattern = await openPattern(name, values.assembly);
  const stack = weakening === undefined ? pattern.stack : prepared(pattern.stack, weakening);
  if (onMoto) {
    progress.say('Starting moto, an engine that is not ours …');
    moto = await startMoto();
  }
  const day = weakening?.day as { readonly faults?: object } | undefined;
  const faults = { ...(virtual ? chosen.longDay : BAD_DAY), ...day?.faults };
  const asked = { amount, seed, virtual, faults, day, keep: values.keep };
  const given = weakening?.given === undefined ? '' : `, given ${weakening.given}`;
  const healthy = await run(`with everything in place${given}`, chosen, stack, asked);
  if (weakening === undefined) {
    progress.say(`\n${healthy.show()}`);
    for (const problem of healthy.problems) progress.say(`  PROBLEM: ${problem}`);
    const good = healthy.problems.length === 0;
    const how = onMoto
      ? ' --engine moto'
      : chosen.realTimeOnly === undefined && chosen.virtualOnly !== true
        ? ' --virtual'
        : '';
    const replay = `npm run demo -- ${name}${how} --${chosen.unit} ${amount} --seed ${seed}`;
    progress.say(`\n${good ? chosen.good : `SOMETHING IS WRONG. Replay: ${replay}`}`);
    return good ? 0 : 1;
  }
  const weakened = await weaken(pattern.stack, weakening);
  const damaged = await run(`without ${weakening.without}${given}`, chosen, weakened.stack, {
    ...asked,
    code: weakened.code,
  });
  progress.say(`\nWithout ${values.without}: ${weakening.without}. ${weakening.damage}\n`);
  progress.say(compare(healthy, damaged));
  progress.say('');
  for (const problem of damaged.problems) progress.say(`  ${problem}`);
  const shown = weakening.shows.test(damaged.problems.join('\n')) && !weakening.shows.test(healthy.problems.join('\n'));
  progress.say(shown ? '\nThat is what the handling is for.' : '\nTHE DAMAGE DID NOT SHOW.');
  return shown ? 0 : 1;
}

async function run(
  title: string,
  chosen: PatternDemo,
  stack: SynthesizedPattern['stack'],
  {
    virtual,
    ...asked
  }: Omit<DemoRun, 'clock' | 'handlers' | 'onStart' | 'onNote' | 'onProgress'> & { readonly virtual: boolean },
): Promise<DemoResult> {
  const wallClock = virtual ? undefined : new WallClock();
  progress.say(`Running ${title}: ${asked.amount} ${chosen.unit} from seed ${asked.seed}, ${chosen.day} …`);
  let latest: (() => string) | undefined;
  let ticker: NodeJS.Timeout | undefined;
  const whole: DemoRun = {
    ...asked,
    clock: wallClock ?? new VirtualClock(),
    handlers: virtual ? 'process' : 'threads',
    onStart: (engine) => {
      running = engine;
      const left = Object.entries(engine.notRun).map(([kind, count]) => `${count} ${kind}`);
      progress.say(`Not run here: ${left.join(', ')}.`);
      const silent = [...silentAlarms(engine.template)].map(([id, why]) => `${alarmName(id)} (${why})`);
      if (silent.length > 0) progress.say(`Alarms that nothing here sets off: ${silent.join(', ')}.`);
      ticker = setInterval(() => latest !== undefined && progress.update(latest), 100);
    },
    onNote: (line) => progress.say(line),
    onProgress: (line) => {
      latest = line;
    },
  };
  try {
    return moto === undefined || chosen.runOnMoto === undefined
      ? await chosen.run(stack, whole)
      : await chosen.runOnMoto(stack, whole, moto.endpoint);
  } finally {
    clearInterval(ticker);
    wallClock?.stop();
    progress.clear();
    running = undefined;
  }
}

/** A healthy run and one without a handling, side by side. */
function compare(healthy: DemoResult, weakened: DemoResult): string {
  return table(
    ['', 'with it', 'without it', ''],
    healthy.figures.map(([name, left], index) => {
      const right = weakened.figures[index]?.[1] ?? 0;
      return [name, left, right, left === right ? '' : '<'];
    }),
  );
}

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        orders: { type: 'string' },
        events: { type: 'string' },
        requests: { type: 'string' },
        questions: { type: 'string' },
        seed: { type: 'string', default: '42' },
        virtual: { type: 'boolean', default: false },
        engine: { type: 'string', default: 'local' },
        without: { type: 'string' },
        keep: { type: 'string' },
        assembly: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. See npm run demo -- --help`);
  }
}

function weakeningOf({ weakenings }: PatternDemo, id: string): Weakening {
  const weakening = Object.entries(weakenings).find(([known]) => known === id)?.[1];
  if (weakening === undefined) {
    throw new UsageError(`"${id}" cannot be taken out here; these can: ${Object.keys(weakenings).join(', ')}`);
  }
  return weakening;
}

/** How much to send: by the option that is named after what the pattern takes. */
function amountOf(
  name: string,
  { unit, usual }: PatternDemo,
  given: { readonly [amount in (typeof AMOUNTS)[number]]?: string },
): number {
  for (const other of AMOUNTS) {
    if (other !== unit && given[other] !== undefined) throw new UsageError(`${name} takes --${unit}, not --${other}`);
  }
  return integer(unit, given[unit as (typeof AMOUNTS)[number]] ?? String(usual), MOST);
}

async function end(): Promise<void> {
  await running?.stop();
  await moto?.stop();
  pattern?.remove();
}

void runCommand(demo, end).finally(end);
