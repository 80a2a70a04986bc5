import { alarmName, type DemoResult, type DemoRun, type PatternDemo } from '../../../local/cli/pattern-demo';
import { duration, table } from '../../../local/cli/table';
import { accountingLine } from '../../../local/scenarios/accounting';
import { KINDS } from './crowd';
import { runWebApp, type WebAppResult } from './run';
import { WEB_APP_WEAKENINGS } from './weakenings';

/** The web app as the demo runs it. */
export const WEB_APP_DEMO: PatternDemo = {
  unit: 'requests',
  day: 'functions that die, the database and the cache away for a while',
  good: 'Nothing was lost, and nothing was answered wrong.',
  usual: 300,
  realTimeOnly: 'its database and its cache keep real time',
  longDay: {},
  weakenings: WEB_APP_WEAKENINGS,
  run: async (stack, options) => {
    const result = await runWebApp(stack, runOf(options));
    return { problems: result.problems, show: () => show(result), figures: figuresOf(result) };
  },
};

function runOf({ amount, seed, clock, code, onStart, onProgress, onNote }: DemoRun): Parameters<typeof runWebApp>[1] {
  const steps: string[] = [];
  onProgress(() => steps.at(-1) ?? 'starting');
  return {
    requests: amount,
    seed,
    clock,
    ...(code !== undefined && { code }),
    onStart: (place) => {
      onNote?.(servers(place));
      onStart(place.engine);
    },
    onStep: ({ what }) => steps.push(`a user ${what}`),
    onProgress,
  };
}

/** What the application talks to, as one says it. */
export function servers({ postgres, redis }: Parameters<Parameters<typeof runWebApp>[1]['onStart']>[0]): string {
  const cache =
    redis === undefined
      ? 'There is no redis-server on this machine: the cache is down, and the database serves all reads.'
      : `The cache is redis-server on port ${redis.port}.`;
  return `The database is PostgreSQL ${postgres.version}, as PGlite, on port ${postgres.port}. ${cache}`;
}

/** The tables that a run ends with. */
function show({
  walk,
  told,
  items,
  files,
  accounting,
  cache,
  connectionsLost,
  users,
  troubles,
  alarms,
  took,
}: WebAppResult): string {
  const parts = [
    table(
      ['a user …', 'it came to', ''],
      walk.map(({ what, wanted, got }) => [what, got, wanted === got ? '' : `not ${wanted}`]),
    ),
    `${users} people at once, for ${duration(took)}: ${troubles.join(', ')}`,
    table(
      ['asked for', 'times', 'asked again', 'answered wrong'],
      KINDS.map((kind) => [kind, told.tallies[kind].asked, told.tallies[kind].repeats, told.tallies[kind].wrong]),
    ),
    table(
      ['', 'said to be kept', 'kept', 'lost', 'other than said', 'uncalled for'],
      Object.entries({ items, files }).map(([name, each]) => [
        name,
        ...[each.told, each.kept, each.lost, each.different, each.uncalledFor],
      ]),
    ),
    `  Items and files that the API accepted:\n  ${accountingLine(accounting)}`,
    `  cache: ${cache.hits} hits, ${cache.misses} misses, ${cache.bypasses} times around it; ${connectionsLost} connections to the database lost`,
    `  alarms that would have fired: ${alarms.length === 0 ? 'none' : alarms.map(alarmName).join(', ')}`,
  ];
  return parts.join('\n\n');
}

function figuresOf({ walk, told, items, files }: WebAppResult): DemoResult['figures'] {
  return [
    ['steps of one person that went otherwise', walk.filter(({ wanted, got }) => wanted !== got).length],
    ['answers to the crowd that are wrong', told.wrong.length],
    ['items lost, or other than said', items.lost + items.different + items.uncalledFor],
    ['files lost, or other than said', files.lost + files.different + files.uncalledFor],
  ];
}
