import { beforeEach, describe, expect, it } from 'vitest';
import { wouldFire } from '../../../local/monitoring/alarms';
import { evaluateExpression } from '../../../local/monitoring/expression';
import { LocalMetrics } from '../../../local/monitoring/metrics';

let now: number;
let metrics: LocalMetrics;
beforeEach(() => {
  now = 0;
  metrics = new LocalMetrics(() => now);
});

const put = (minute: number, value: number, name = 'Depth') => {
  now = minute * 60_000;
  metrics.put('N', name, { Queue: 'q' }, value);
};
const alarm = (changes: object) => ({
  logicalId: 'Alarm',
  type: 'AWS::CloudWatch::Alarm',
  name: 'Alarm',
  attributes: {},
  properties: {
    Namespace: 'N',
    MetricName: 'Depth',
    Dimensions: [{ Name: 'Queue', Value: 'q' }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    ...changes,
  },
});

describe('an alarm', () => {
  it('fires at its threshold, and not for another queue', () => {
    put(0, 4);
    expect(wouldFire(alarm({}), metrics)).toBe(false);
    put(1, 5);
    expect(wouldFire(alarm({}), metrics)).toBe(true);
    expect(wouldFire(alarm({ Dimensions: [{ Name: 'Queue', Value: 'r' }] }), metrics)).toBe(false);
  });

  it('needs as many periods in a row as it says, or as many of them', () => {
    for (const [minute, value] of [5, 0, 5, 5, 0, 5].entries()) put(minute, value);
    expect(wouldFire(alarm({ EvaluationPeriods: 3 }), metrics)).toBe(false);
    expect(wouldFire(alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 }), metrics)).toBe(true);
  });

  it('takes a silent period as it was told to', () => {
    put(0, 0);
    put(3, 0);
    expect(wouldFire(alarm({}), metrics)).toBe(false);
    expect(wouldFire(alarm({ TreatMissingData: 'breaching' }), metrics)).toBe(true);
  });

  it('sums, counts and takes percentiles over its period', () => {
    for (let minute = 0; minute < 5; minute += 1) put(minute, minute);
    const fires = (Statistic: string, Threshold: number) =>
      wouldFire(alarm({ Statistic, Period: 300, Threshold }), metrics);
    expect([fires('Sum', 10), fires('Sum', 11)]).toEqual([true, false]);
    expect([fires('SampleCount', 5), fires('SampleCount', 6)]).toEqual([true, false]);
    expect([fires('p99', 4), fires('Average', 2.1)]).toEqual([true, false]);
  });

  it('computes math over its metrics', () => {
    const stat = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: false,
      MetricStat: {
        Metric: { Namespace: 'N', MetricName, Dimensions: [{ Name: 'Queue', Value: 'q' }] },
        Period: 60,
        Stat: 'Sum',
      },
    });
    const share = alarm({
      Metrics: [{ Id: 'e', Expression: '100 * bad / all' }, stat('bad', 'Bad'), stat('all', 'All')],
      Threshold: 10,
    });
    put(0, 1, 'Bad');
    put(0, 20, 'All');
    expect(wouldFire(share, metrics)).toBe(false);
    put(0, 1, 'Bad');
    expect(wouldFire(share, metrics)).toBe(true);
  });

  it('leaves a time out in which one of its metrics has nothing, unless FILL says what to take', () => {
    const stat = (Id: string, MetricName: string) => ({
      Id,
      ReturnData: false,
      MetricStat: {
        Metric: { Namespace: 'N', MetricName, Dimensions: [{ Name: 'Queue', Value: 'q' }] },
        Period: 60,
        Stat: 'Sum',
      },
    });
    const silence = (read: string) =>
      alarm({
        Metrics: [
          { Id: 'e', Expression: `IF(incoming > 0, IF(${read} > 0, 0, 1), 0)` },
          stat('incoming', 'In'),
          stat('read', 'Out'),
        ],
        EvaluationPeriods: 2,
        Threshold: 1,
      });
    for (const minute of [0, 1, 2]) put(minute, 7, 'In');
    expect(wouldFire(silence('read'), metrics)).toBe(false);
    expect(wouldFire(silence('FILL(read, 0)'), metrics)).toBe(true);
    put(1, 7, 'Out');
    expect(wouldFire(silence('FILL(read, 0)'), metrics)).toBe(false);
  });
});

describe('metrics', () => {
  it('are told apart by their dimensions, and say which were sent', () => {
    put(0, 1);
    put(1, 1);
    metrics.put('N', 'Depth', { Queue: 'q', Stage: 'a=b' }, 1);
    expect(metrics.sent()).toEqual([
      { namespace: 'N', name: 'Depth', dimensions: { Queue: 'q' } },
      { namespace: 'N', name: 'Depth', dimensions: { Queue: 'q', Stage: 'a=b' } },
    ]);
  });
});

describe('a metric expression', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['IF(a >= 20, 100 * b / a, 0)', 10],
    ['IF(b >= 20, 1, b - a)', -18],
    ['8 / 4 / 2', 1],
    ['FILL(none, 3) + a', 23],
    ['none + a', undefined],
    ['IF(none > 1, 1, 2)', undefined],
  ])('%s is %s', (expression, result) => {
    expect(evaluateExpression(expression, { a: 20, b: 2, none: undefined })).toBe(result);
  });

  it.each(['SEARCH(a)', 'a +', 'c', '(a'])('is refused where it is more than that: %s', (expression) => {
    expect(() => evaluateExpression(expression, { a: 1 })).toThrow(`${expression} is not known here`);
  });
});
