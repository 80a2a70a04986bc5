// @project unit
import { describe, expect, it } from 'vitest';
import { reportAsJson } from '../../../../lib/operations/check/json';
import { queue, template, useCheck } from './check-fixture';

const check = useCheck();

describe('JSON', () => {
  it('has all of it, with counts', async () => {
    const path = { Metadata: { 'aws:cdk:path': 'Shop/Jobs/Resource' } };
    const { report } = await check.json(
      check.file('shop.json', template({ Jobs: queue({}, path) })),
      '--only',
      'sqs-dlq-required',
    );
    expect(report).toMatchObject({
      version: 1,
      counts: { error: 1, warning: 0, advice: 0 },
      findings: [
        {
          severity: 'error',
          tier: 1,
          profile: 'correctness',
          cause: 'no dead-letter queue',
          places: [{ stack: 'shop', logicalId: 'Jobs', path: 'Shop/Jobs/Resource', file: 'shop.json', line: 3 }],
        },
      ],
      cannotTell: [],
      judged: { resources: 1, stacks: 1, rules: 1 },
    });
  });

  it('keeps the names that it has', () => {
    const judged = { resources: 0, stacks: 0, rules: 1 };
    const empty = {
      findings: [],
      untold: [],
      acknowledged: [],
      baselined: 0,
      notJudged: [],
      problems: [],
      passedOver: [],
      judged,
    };
    expect(Object.keys(JSON.parse(reportAsJson(empty)) as object)).toEqual([
      'version',
      'counts',
      'findings',
      'cannotTell',
      'acknowledged',
      'baselined',
      'notJudged',
      'problems',
      'passedOver',
      'judged',
    ]);
  });
});
