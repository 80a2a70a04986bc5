import { expect } from 'vitest';
import { AwsError } from '../../../local/aws/service';
import type { Limit } from '../../../local/limits/limit';
import { STEP_FUNCTIONS_LIMITS } from '../../../local/limits/step-functions';
import { ANY, MachineFixture, PUT, type Sketch } from '../engine/workflow/state-machine-fixture';
import { onBothSides, outcome, testEachLimit } from './both-sides-fixture';

const END = { End: true } as const;
const PASS: Sketch = { States: { S: { Type: 'Pass', ...END } } };

/** A text that is so many bytes of JSON. */
const textOf = (bytes: number) => 'x'.repeat(Math.max(0, bytes - 2));
const define = (state: object) => () => new MachineFixture({ States: { S: { ...state, ...END } } });
const retrier = (field: string, value: number) => define({ ...PUT, Retry: [{ ErrorEquals: ANY, [field]: value }] })();

/** So many states in a row. */
function chain(length: number, last: object): Sketch {
  const states = Array.from({ length }, (_, index) => [
    `s${index}`,
    { Type: 'Pass', Next: index === length - 1 ? 'last' : `s${index + 1}` },
  ]);
  return { States: { ...Object.fromEntries(states), last } };
}

/** Holds in neither of two catchers. */
async function uncaught({ error }: Limit, run: (Catch: readonly object[]) => Promise<void>): Promise<void> {
  const to = { Next: 'Caught' };
  expect(
    await outcome(() =>
      run([
        { ErrorEquals: ['States.TaskFailed'], ...to },
        { ErrorEquals: ANY, ...to },
      ]),
    ),
  ).toBe(error);
}

testEachLimit(STEP_FUNCTIONS_LIMITS, {
  executionName: (limit) =>
    onBothSides(limit, (length) => new MachineFixture(PASS).succeed({}, 'n'.repeat(Math.max(0, length)))),
  executionNameCharacters: async ({ error }) => {
    for (const character of ' \n\u00a0<>{}[]?*"#%\\^|~`$&,;:/\u0000\u007f\u009f') {
      expect(await outcome(() => new MachineFixture(PASS).succeed({}, `a${character}b`))).toBe(error);
    }
    await new MachineFixture(PASS).succeed({}, "Aa0-_.=+@()'é");
  },
  executionInput: (limit) =>
    onBothSides(limit, (bytes) => new MachineFixture(PASS).succeed(textOf(bytes)), { from: 2, furthest: 9000 }),
  payload: async (limit) => {
    const output = (Output: string): Sketch => ({ States: { S: { Type: 'Pass', Output, ...END } } });
    for (const [bytes, expected] of [
      [limit.max, undefined],
      [limit.max + 1, limit.error],
    ] as const) {
      const text = textOf(bytes);
      const result = new MachineFixture({ States: { S: { ...PUT, Output: 'small', ...END } } }, () => ({
        a: text.slice(6),
      }));
      expect(await outcome(() => result.succeed())).toBe(expected);
      const request = new MachineFixture({
        States: { S: { ...PUT, Arguments: { a: `{% $pad('', ${bytes - 8}, 'x') %}` }, ...END } },
      });
      expect(await outcome(() => request.succeed())).toBe(expected);
      const leaves = new MachineFixture(output(`{% $pad('', ${bytes - 2}, 'x') %}`));
      expect(await outcome(() => leaves.succeed())).toBe(expected);
      // Two bytes a character.
      const accents = new MachineFixture(
        output(`{% 'x' & $pad('', ${limit.max / 2 - 2}, 'é') & ${bytes % 2 === 0 ? "'x'" : "'xx'"} %}`),
      );
      expect(await outcome(() => accents.succeed())).toBe(expected);
    }
    await uncaught(limit, (Catch) =>
      new MachineFixture({ States: { S: { ...PUT, Catch, ...END }, Caught: { Type: 'Pass', ...END } } }, () => ({
        a: textOf(limit.max + 1),
      })).succeed(),
    );
  },
  variables: (limit) =>
    onBothSides(
      limit,
      (bytes) =>
        new MachineFixture({
          States: {
            S: {
              Type: 'Pass',
              Assign: {
                one: `{% $pad('', ${Math.ceil(bytes / 2) - 2}, 'x') %}`,
                two: `{% $pad('', ${Math.floor(bytes / 2) - 2}, 'x') %}`,
              },
              ...END,
            },
          },
        }).succeed(),
      { runs: 5 },
    ),
  storedVariables: async ({ max, error }) => {
    const each = 262_144;
    const assigning = (count: number, more: number) => {
      const states = Array.from({ length: count }, (_, index) => [
        `s${index}`,
        {
          Type: 'Pass',
          Assign: { [`v${index}`]: '{% $states.input %}' },
          Next: index === count - 1 ? 'last' : `s${index + 1}`,
        },
      ]);
      const last = { Type: 'Pass', ...(more > 0 && { Assign: { more } }), ...END };
      return new MachineFixture({ States: { ...Object.fromEntries(states), last } }).succeed(textOf(each));
    };
    expect(await outcome(() => assigning(max / each, 0))).toBeUndefined();
    expect(await outcome(() => assigning(max / each, 1))).toBe(error);
  },
  history: async ({ max, error }) => {
    // ExecutionStarted and ExecutionSucceeded, and two events for each state.
    const run = (events: number) => new MachineFixture(chain((events - 4) / 2, { Type: 'Succeed' })).succeed();
    expect(await outcome(() => run(max))).toBeUndefined();
    expect(await outcome(() => run(max + 2))).toBe(error);
    const looping = new MachineFixture(
      {
        States: {
          S: {
            ...PUT,
            Retry: [{ ErrorEquals: ANY, BackoffRate: 1, MaxAttempts: 99_999_999 }],
            Catch: [{ ErrorEquals: ANY, Next: 'S' }],
            ...END,
          },
        },
      },
      () => {
        throw new AwsError('ThrottlingException', '');
      },
    );
    expect(await outcome(() => looping.succeed())).toBe(error);
    // Two events before the first attempt, three for each.
    expect(looping.calls).toHaveLength(Math.floor((max - 2) / 3));
  },
  executionTime: async ({ max, error }) => {
    const pausing = (seconds: number) =>
      new MachineFixture({ States: { S: { Type: 'Wait', Seconds: seconds, ...END } } });
    expect(await outcome(() => pausing(max - 1).succeed())).toBeUndefined();
    const longer = pausing(max + 1);
    expect(await outcome(() => longer.succeed())).toBe(error);
    expect(longer.passed).toBe(max * 1000);
  },
  definitionSize: (limit) => {
    const rest = JSON.stringify({ StartAt: 'S', QueryLanguage: 'JSONata', ...PASS, Comment: '' }).length;
    return onBothSides(limit, (bytes) => new MachineFixture({ ...PASS, Comment: 'x'.repeat(bytes - rest) }), {
      furthest: 9000,
    });
  },
  stateName: (limit) =>
    onBothSides(
      limit,
      (length) => new MachineFixture({ States: { ['n'.repeat(Math.max(0, length))]: PASS.States['S'] ?? {} } }),
    ),
  variableName: (limit) =>
    onBothSides(limit, (length) => define({ Type: 'Pass', Assign: { ['n'.repeat(Math.max(0, length))]: 1 } })()),
  timeoutSeconds: async (limit) => {
    await onBothSides(limit, (seconds) => define({ ...PUT, TimeoutSeconds: seconds })());
    await onBothSides(limit, (TimeoutSeconds) => new MachineFixture({ ...PASS, TimeoutSeconds }));
  },
  waitSeconds: (limit) => onBothSides(limit, (Seconds) => define({ Type: 'Wait', Seconds })()),
  evaluatedWaitSeconds: (limit) =>
    onBothSides(limit, async (seconds) => {
      const fixture = new MachineFixture({ States: { S: { Type: 'Wait', Seconds: '{% $states.input %}', ...END } } });
      const { error, status } = await fixture.run(seconds);
      // An execution ends after a year.
      if (status === 'FAILED') throw new AwsError(error ?? '', '');
    }),
  intervalSeconds: (limit) => onBothSides(limit, (value) => retrier('IntervalSeconds', value)),
  maxAttempts: (limit) => onBothSides(limit, (value) => retrier('MaxAttempts', value)),
  backoffRate: async (limit) => {
    await onBothSides(limit, (value) => retrier('BackoffRate', value));
    expect(await outcome(() => retrier('BackoffRate', 0.99))).toBe(limit.error);
    expect(await outcome(() => retrier('BackoffRate', 1.5))).toBeUndefined();
  },
  maxDelaySeconds: (limit) => onBothSides(limit, (value) => retrier('MaxDelaySeconds', value)),
  statesAll: async ({ error }) => {
    const names = { ErrorEquals: ['States.Timeout'] };
    const all = { ErrorEquals: ANY };
    const both = { ErrorEquals: [...ANY, 'States.Timeout'] };
    for (const field of ['Retry', 'Catch']) {
      const to = field === 'Catch' ? { Next: 'S' } : {};
      const list = (...entries: object[]) => define({ ...PUT, [field]: entries.map((each) => ({ ...each, ...to })) });
      expect(await outcome(list(names, all))).toBeUndefined();
      expect(await outcome(list(all, names))).toBe(error);
      expect(await outcome(list(both))).toBe(error);
    }
  },
});
