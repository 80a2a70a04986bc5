// What `npm run demo` is asked for.
import { parseArgs } from 'node:util';
import { PATTERNS } from '../../patterns/patterns';
import type { Weakening } from '../weaken/weakening';
import { localPattern } from './local-pattern';
import type { PatternDemo } from './pattern-demo';
import { integer, UsageError } from './usage-error';

const MOST = 100_000;

/** What `--help` prints. */
export async function help(): Promise<string> {
  const amounts = await Promise.all(
    PATTERNS.map(async ({ name }) => {
      const { demo } = await localPattern(name);
      const option = `  --${demo.unit} <n>`.padEnd(23);
      return `${option}${demo.unit} to send, 1 to ${MOST} (${name}; default ${demo.usual})`;
    }),
  );
  const [first = '', ...others] = PATTERNS.map(({ name }) => name);
  return `npm run demo -- [pattern] [options]

  pattern              ${first} (default), ${others.join(', ')}
${amounts.join('\n')}
  --seed <n>           where chance starts (default 42)
  --virtual            in virtual time, handlers in this process: 100,000 in minutes, and a seed repeats a run to the
                       last millisecond (not web-app, whose database keeps real time; genai-rag always)
  --engine <name>      what keeps tables, queues and topics: local (default), or moto (event-driven; needs Python 3.10)
  --without <id>       takes one handling out and shows the damage beside the healthy run
  --list               the ids that --without takes
  --keep <folder>      leaves the lake's files there (data-pipeline)
  --assembly <folder>  runs what "cdk synth" left there instead of synthesizing (web-app: all of it in one stack)`;
}

/** What to run, and how. */
export interface DemoOptions {
  readonly name: string;
  readonly demo: PatternDemo;
  /** The handling to take out, by its catalogue id. @default - a healthy run alone */
  readonly without?: { readonly id: string; readonly weakening: Weakening };
  readonly amount: number;
  readonly seed: number;
  readonly virtual: boolean;
  readonly onMoto: boolean;
  readonly keep?: string;
  readonly assembly?: string;
}

/** What the command was asked for: a run, the list of what can be taken out, or help. @throws UsageError for what cannot be */
export async function readDemoOptions(
  args: readonly string[],
): Promise<DemoOptions | { readonly list: PatternDemo } | 'help'> {
  const units = await unitsOf();
  const { values, positionals } = parsed(args, units);
  if (values.help === true) return 'help';
  const [name = 'event-driven', ...more] = positionals;
  if (more.length > 0) throw new UsageError(`One pattern at a time, not "${positionals.join(' ')}"`);
  const { demo } = await localPattern(name);
  if (values.list === true) return { list: demo };
  const { without: id, keep, assembly } = values;
  const without = id === undefined ? undefined : { id, weakening: weakeningOf(demo, id) };
  const [amount, seed] = [amountOf(name, demo, units, values), integer('seed', values.seed, 2 ** 32 - 1)];
  const virtual = values.virtual === true || demo.virtualOnly === true;
  const onMoto = values.engine === 'moto';
  if (values.engine !== 'local' && !onMoto) {
    throw new UsageError(`--engine is local or moto, not "${values.engine}"`);
  }
  if (onMoto && demo.runOnMoto === undefined) throw new UsageError(`${name} does not run on moto`);
  if (virtual && demo.realTimeOnly !== undefined) {
    throw new UsageError(`${name} does not run in virtual time: ${demo.realTimeOnly}`);
  }
  if (onMoto && (virtual || without !== undefined)) {
    throw new UsageError(`moto keeps real time and is slow: leave ${virtual ? '--virtual' : '--without'} out`);
  }
  return {
    ...{ name, demo, amount, seed, virtual, onMoto },
    ...(without !== undefined && { without }),
    ...(keep !== undefined && { keep }),
    ...(assembly !== undefined && { assembly }),
  };
}

/** What the patterns take: an option each, which says how much of it. */
async function unitsOf(): Promise<readonly string[]> {
  return Promise.all(PATTERNS.map(async ({ name }) => (await localPattern(name)).demo.unit));
}

function parsed(args: readonly string[], units: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(units.map((unit) => [unit, { type: 'string' } as const])),
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
  units: readonly string[],
  given: Readonly<Record<string, unknown>>,
): number {
  for (const other of units) {
    if (other !== unit && given[other] !== undefined) throw new UsageError(`${name} takes --${unit}, not --${other}`);
  }
  return integer(unit, String(given[unit] ?? usual), MOST);
}
