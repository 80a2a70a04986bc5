import * as dynamodb from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { MODELLED_EXCEPTIONS } from '../../../../local/engine/workflow/state-error';
import { ANY, failing, MachineFixture, PUT, type Sketch } from './state-machine-fixture';

const END = { End: true } as const;
const CONTEXT = '$states.context';

describe('an attempt of a task', () => {
  const arguments_ = {
    now: '{% $now() %}',
    entered: `{% ${CONTEXT}.State.EnteredTime %}`,
    retries: `{% ${CONTEXT}.State.RetryCount %}`,
    started: `{% ${CONTEXT}.Execution.StartTime %}`,
    state: `{% ${CONTEXT}.State.Name %}`,
    execution: `{% ${CONTEXT}.Execution.Id %}`,
    orderId: `{% ${CONTEXT}.Execution.Input.orderId %}`,
  };
  const States = {
    Pause: { Type: 'Wait', Seconds: 10, Next: 'Put' },
    Put: { ...PUT, Arguments: arguments_, Retry: [{ ErrorEquals: ANY, IntervalSeconds: 2 }], ...END },
  };

  it('has its arguments evaluated anew, and the time that the state was entered stays', async () => {
    const fixture = new MachineFixture({ States }, failing('ThrottlingException', 'ThrottlingException'));
    await fixture.succeed({ orderId: 'o1' });
    const at = (seconds: number) => new Date(fixture.began + seconds * 1000).toISOString();
    const fixed = {
      entered: at(10),
      started: at(0),
      state: 'Put',
      execution: 'arn:aws:states:eu-west-1:111122223333:execution:Machine:e1',
      orderId: 'o1',
    };
    expect(fixture.calls).toEqual([
      { ...fixed, now: at(10), retries: 0 },
      { ...fixed, now: at(12), retries: 1 },
      { ...fixed, now: at(16), retries: 2 },
    ]);
  });

  it('counts for each retrier by itself', async () => {
    const Retry = [
      { ErrorEquals: ['DynamoDb.ThrottlingException'], IntervalSeconds: 1, MaxAttempts: 1 },
      { ErrorEquals: ANY, IntervalSeconds: 5, BackoffRate: 10, MaxAttempts: 2, MaxDelaySeconds: 7 },
    ];
    const fixture = new MachineFixture(
      { States: { Put: { ...PUT, Retry, ...END } } },
      failing('InternalServerError', 'ThrottlingException', 'InternalServerError'),
    );
    await fixture.succeed();
    expect(fixture.passed).toBe((5 + 1 + 7) * 1000);
    const other = new MachineFixture(
      { States: { Put: { ...PUT, Retry, ...END } } },
      failing('ThrottlingException', 'ThrottlingException'),
    );
    expect(await other.run()).toMatchObject({ status: 'FAILED', error: 'DynamoDb.ThrottlingException' });
  });

  it('is over when its time is, in the time of the engine', async () => {
    const States = {
      Put: { ...PUT, TimeoutSeconds: 3, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }], ...END },
      Late: { Type: 'Fail', Error: 'Late' },
    };
    const slow = new MachineFixture({ States }, undefined, 3001);
    expect(await slow.run()).toMatchObject({ error: 'Late' });
    expect(slow.passed).toBe(3000);
    expect(slow.calls).toHaveLength(1);
    await new MachineFixture({ States }, undefined, 2999).succeed();
  });
});

describe('the name and the cause of an error', () => {
  const caughtBy = async (code: string, ErrorEquals: readonly string[]) => {
    const Catch = [{ ErrorEquals, Next: 'Seen', Output: '{% $states.errorOutput %}' }];
    const States = {
      Put: { ...PUT, Catch, ...END },
      Seen: { ...PUT, Arguments: '{% $states.input %}', ...END },
    };
    const fixture = new MachineFixture({ States }, failing(code));
    const { error } = await fixture.run();
    return error ?? fixture.calls[1];
  };

  it('are those of the class that the SDK for Java has for it', async () => {
    expect(await caughtBy('TransactionCanceledException', ['DynamoDb.TransactionCanceledException'])).toEqual({
      Error: 'DynamoDb.TransactionCanceledException',
      Cause: 'The reason for TransactionCanceledException (Service: DynamoDb, Status Code: 400, Request ID: local)',
    });
    expect(await caughtBy('InternalServerError', ANY)).toMatchObject({
      Error: 'DynamoDb.InternalServerErrorException',
    });
    // The SDK has no class for it, nor for a denied permission.
    expect(await caughtBy('ValidationException', ['DynamoDb.ValidationException'])).toBe('DynamoDb.DynamoDbException');
    expect(await caughtBy('AccessDeniedException', ANY)).toMatchObject({ Error: 'DynamoDb.DynamoDbException' });
  });

  it.each([
    ['States.TaskFailed', 'DynamoDb.ThrottlingException', true],
    ['States.Timeout', 'DynamoDb.ThrottlingException', false],
    ['DynamoDb.Throttling', 'DynamoDb.ThrottlingException', false],
  ])('%s takes %s: %s', async (name, error, taken) => {
    const outcome = await caughtBy('ThrottlingException', [name]);
    expect(outcome).toEqual(taken ? expect.objectContaining({ Error: error }) : error);
  });

  it('takes the first catcher that fits, and gives it nothing of a result', async () => {
    const Catch = [
      { ErrorEquals: ['States.Timeout'], Next: 'Other' },
      { ErrorEquals: ['States.TaskFailed'], Next: 'Mine', Output: '{% $exists($states.result) %}' },
      { ErrorEquals: ANY, Next: 'Other' },
    ];
    const States = {
      Put: { ...PUT, Output: '{% $states.result.none %}', Catch, ...END },
      Mine: { ...PUT, Arguments: { seen: '{% $states.input %}' }, ...END },
      Other: { Type: 'Fail', Error: 'Other' },
    };
    const fixture = new MachineFixture({ States });
    expect(await fixture.run()).toMatchObject({ status: 'SUCCEEDED', path: ['Put', 'Mine'] });
    expect(fixture.calls[1]).toEqual({ seen: false });
  });

  it('know each exception that the SDK declares for DynamoDB by name', () => {
    for (const name of MODELLED_EXCEPTIONS) expect(Object.keys(dynamodb)).toContain(name);
    expect(Object.keys(dynamodb)).not.toContain('ValidationException');
  });
});

describe('Choice, Pass and Wait', () => {
  const See = { ...PUT, Arguments: '{% $states.input %}', ...END };

  it('takes the first rule that holds, and else the default', async () => {
    const States = {
      Sort: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'See', Output: { size: 'large' } },
          { Condition: "{% $contains($states.input.text, 'x') %}", Next: 'See', Output: { size: 'x' } },
        ],
        Default: 'See',
        Output: { size: 'default' },
      },
      See,
    };
    for (const [input, size] of [
      [{ n: 11, text: 'x' }, 'large'],
      [{ n: 10, text: 'x' }, 'x'],
      [{ n: 10, text: 'y' }, 'default'],
    ] as const) {
      const fixture = new MachineFixture({ States });
      await fixture.succeed(input);
      expect(fixture.calls).toEqual([{ size }]);
    }
  });

  it('fails when no rule holds, or a condition is no boolean', async () => {
    const only = (Condition: unknown): Sketch => ({
      States: { Sort: { Type: 'Choice', Choices: [{ Condition, Next: 'See' }] }, See },
    });
    expect(await new MachineFixture(only(false)).run()).toMatchObject({ error: 'States.NoChoiceMatched' });
    expect(await new MachineFixture(only('{% 1 %}')).run()).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(await new MachineFixture(only('{% $states.input.none %}')).run()).toMatchObject({
      error: 'States.QueryEvaluationError',
    });
  });

  it('assigns variables after the output, and shows them to later states', async () => {
    const States = {
      First: { Type: 'Pass', Assign: { total: '{% $states.input.n + 1 %}' }, Next: 'Second' },
      Second: {
        Type: 'Pass',
        Output: { before: '{% $total %}' },
        Assign: { total: '{% $total * 2 %}' },
        Next: 'Third',
      },
      Third: { Type: 'Pass', Output: { before: '{% $states.input.before %}', after: '{% $total %}' }, Next: 'See' },
      See,
    };
    const fixture = new MachineFixture({ States });
    await fixture.succeed({ n: 4 });
    expect(fixture.calls).toEqual([{ before: 5, after: 10 }]);
  });

  it.each([
    ['seconds', { Seconds: 90 }, 90],
    ['seconds of an expression', { Seconds: '{% $states.input.n * 2 %}' }, 60],
    ['a time', { Timestamp: '2026-01-01T00:01:00Z' }, 60],
    ['a time of an expression', { Timestamp: '{% $fromMillis($millis() + 5000) %}' }, 5],
    ['a time that is over', { Timestamp: '2020-01-01T00:00:00Z' }, 0],
  ])('waits for %s', async (_, wait, seconds) => {
    const fixture = new MachineFixture({ States: { Pause: { Type: 'Wait', ...wait, Next: 'See' }, See } });
    await fixture.succeed({ n: 30 });
    expect(fixture.passed).toBe(seconds * 1000);
    expect(fixture.calls).toEqual([{ n: 30 }]);
  });

  it('fails for a time that is none', async () => {
    const wait = (text: string) => ({ States: { Pause: { Type: 'Wait', Timestamp: text, ...END } } });
    expect(await new MachineFixture(wait('tomorrow')).run()).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it('evaluates the error of a Fail state', async () => {
    const States = { Stop: { Type: 'Fail', Error: "{% 'No' & $states.input.what %}", Cause: 'why' } };
    expect(await new MachineFixture({ States }).run({ what: 'Stock' })).toMatchObject({ error: 'NoStock' });
  });
});

describe('a state machine', () => {
  it('ends an execution when its time is over, whatever it waits for', async () => {
    const Retry = [{ ErrorEquals: ANY, IntervalSeconds: 50, BackoffRate: 1, MaxAttempts: 9 }];
    for (const [States, answer, answerMs] of [
      [{ Pause: { Type: 'Wait', Seconds: 1000, ...END } }, undefined, 0],
      [{ Put: { ...PUT, Retry, ...END } }, failing('a', 'b', 'c', 'd'), 0],
      [
        { Put: { ...PUT, TimeoutSeconds: 500, Catch: [{ ErrorEquals: ANY, Next: 'Put' }], ...END } },
        undefined,
        600_000,
      ],
    ] as const) {
      const fixture = new MachineFixture({ TimeoutSeconds: 120, States }, answer, answerMs);
      expect(await fixture.run()).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
      expect(fixture.passed).toBe(120_000);
    }
  });

  it.each([
    ['a Map state', { States: { S: { Type: 'Map', ...END } } }, 'S is a Map, not known here'],
    ['a Parallel state', { States: { S: { Type: 'Parallel', ...END } } }, 'S is a Parallel, not known here'],
    [
      'a call of a function',
      { States: { S: { ...PUT, Resource: 'arn:aws:states:::lambda:invoke', ...END } } },
      'S calls',
    ],
    ['a heartbeat', { States: { S: { ...PUT, HeartbeatSeconds: 1, ...END } } }, 'S has HeartbeatSeconds'],
    ['JSONPath', { QueryLanguage: 'JSONPath', States: { S: { Type: 'Pass', ...END } } }, 'S is written in JSONPath'],
    ['$uuid', { States: { S: { Type: 'Pass', Output: '{% $uuid() %}', ...END } } }, 'S calls $uuid'],
    ['$now', { States: { S: { Type: 'Pass', Output: "{% $now('[Y]') %}", ...END } } }, 'S calls $now with a picture'],
  ])('refuses %s by name', (_, definition, message) => {
    expect(() => new MachineFixture(definition)).toThrow(message);
  });

  it.each([
    ['no such state', { States: { S: { Type: 'Pass', Next: 'T' } } }],
    ['no such start', { StartAt: 'T', States: { S: { Type: 'Pass', ...END } } }],
    ['no end', { States: { S: { Type: 'Pass' } } }],
    ['both ends', { States: { S: { Type: 'Pass', Next: 'S', ...END } } }],
    ['no choices', { States: { S: { Type: 'Choice', Choices: [] } } }],
    ['an expression that is none', { States: { S: { Type: 'Pass', Output: '{% ( %}', ...END } } }],
    ['$eval', { States: { S: { Type: 'Pass', Output: "{% $eval('1') %}", ...END } } }],
    ['a variable $states', { States: { S: { Type: 'Pass', Assign: { states: 1 }, ...END } } }],
    ['a variable that is no identifier', { States: { S: { Type: 'Pass', Assign: { 'a-b': 1 }, ...END } } }],
    ['a Wait for two things', { States: { S: { Type: 'Wait', Seconds: 1, Timestamp: 'x', ...END } } }],
    ['empty ErrorEquals', { States: { S: { ...PUT, Retry: [{ ErrorEquals: [] }], ...END } } }],
  ])('refuses a definition with %s, as AWS does', (_, definition) => {
    expect(() => new MachineFixture(definition)).toThrow(expect.objectContaining({ code: 'InvalidDefinition' }));
  });
});
