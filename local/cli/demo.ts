// `npm run demo`: runs a pattern from its synthesized template, under traffic with faults in it, and shows what became of it.
import type { SynthesizedStack } from '../assembly/cloud-assembly';
import { VirtualClock } from '../clock/virtual-clock';
import { WallClock } from '../clock/wall-clock';
import type { LocalEngine } from '../engine/local-engine';
import { silentAlarms } from '../monitoring/silent-alarms';
import { type MotoServer, startMoto } from '../oracle/moto-server';
import { BAD_DAY } from '../scenarios/days';
import { prepared, weaken } from '../weaken/weaken';
import type { Weakening } from '../weaken/weakening';
import { type DemoOptions, help, readDemoOptions } from './demo-options';
import { alarmName, type DemoResult, type DemoRun, type PatternDemo } from './pattern-demo';
import { openPattern, type SynthesizedPattern } from './patterns';
import { Progress } from './progress';
import { table } from './table';
import { runCommand } from './usage-error';

const progress = new Progress();
let running: LocalEngine | undefined;
let pattern: SynthesizedPattern | undefined;
let moto: MotoServer | undefined;

async function demo(): Promise<number> {
  const asked = await readDemoOptions(process.argv.slice(2));
  if (asked === 'help') {
    progress.say(await help());
    return 0;
  }
  if ('list' in asked) {
    for (const [id, { without, damage }] of Object.entries(asked.list.weakenings)) {
      progress.say(`${id}\n  without ${without}\n  ${damage}`);
    }
    return 0;
  }
  progress.say(`Synthesizing ${asked.name} (stage dev) …`);
  pattern = await openPattern(asked.name, asked.assembly);
  if (asked.onMoto) {
    progress.say('Starting moto, an independent engine …');
    moto = await startMoto();
  }
  const { without } = asked;
  return without === undefined ? healthyRun(pattern.stack, asked) : runWithout(without, pattern.stack, asked);
}

/** What a run takes of the options, and of what a weakening needs to show. */
function askedOf({ demo: { longDay }, amount, seed, virtual, keep }: DemoOptions, weakening?: Weakening) {
  const day = weakening?.day as { readonly faults?: object } | undefined;
  const faults = { ...(virtual ? longDay : BAD_DAY), ...day?.faults };
  return { amount, seed, virtual, faults, day, keep };
}

async function healthyRun(stack: SynthesizedStack, options: DemoOptions): Promise<number> {
  const { name, demo, amount, seed, onMoto } = options;
  const result = await run('with everything in place', demo, stack, askedOf(options));
  const { problems } = result;
  progress.say(`\n${result.show()}`);
  for (const problem of problems) progress.say(`  PROBLEM: ${problem}`);
  if (problems.length === 0) {
    progress.say(`\n${demo.good}`);
    return 0;
  }
  const canBeVirtual = demo.realTimeOnly === undefined && demo.virtualOnly !== true;
  const how = onMoto ? ' --engine moto' : canBeVirtual ? ' --virtual' : '';
  const replay = `npm run demo -- ${name}${how} --${demo.unit} ${amount} --seed ${seed}`;
  progress.say(`\nSOMETHING IS WRONG. Replay: ${replay}`);
  return 1;
}

async function runWithout(
  { id, weakening }: { readonly id: string; readonly weakening: Weakening },
  stack: SynthesizedStack,
  options: DemoOptions,
): Promise<number> {
  const { demo } = options;
  const asked = askedOf(options, weakening);
  const given = weakening.given === undefined ? '' : `, given ${weakening.given}`;
  const healthy = await run(`with everything in place${given}`, demo, prepared(stack, weakening), asked);
  const weakened = await weaken(stack, weakening);
  const damaged = await run(`without ${weakening.without}${given}`, demo, weakened.stack, {
    ...asked,
    code: weakened.code,
  });
  progress.say(`\nWithout ${id}: ${weakening.without}. ${weakening.damage}\n`);
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

async function end(): Promise<void> {
  await running?.stop();
  await moto?.stop();
  pattern?.remove();
}

void runCommand(demo, end).finally(end);
