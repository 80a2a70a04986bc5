// @project unit
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { RULES } from '../../../../lib/checks/rules';
import { explained, listedRules } from '../../../../lib/operations/check/explain';
import { useCheck } from './check-fixture';

const check = useCheck();

describe('--explain', () => {
  it('has the title, what it costs, what to do, and templates that can be read', async () => {
    const { out } = await check.run('--explain', 'sqs-dlq-required');
    const parts = out.split(/\n\n(?=Looks at|AWS: |Keeps|Breaks)/);
    expect(parts.map((part) => part.split(':')[0])).toEqual([
      expect.stringMatching(/^sqs-dlq-required \(error, correctness, tier 1\)/),
      'Looks at',
      'AWS',
      'Keeps the rule',
      'Breaks it (without Queue.Properties.RedrivePolicy)',
    ]);
    expect(parts[0]).toMatch(/\nOtherwise: A message that always fails .*[\s\S]*\nFix: Set RedrivePolicy/);
    for (const part of parts.slice(3)) {
      const yaml: unknown = parse(part.slice(part.indexOf('\n')));
      expect(yaml).toMatchObject({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
    }
  });

  it('knows a gotcha that no template shows, and refuses what is none', async () => {
    const handler = await check.run('--explain', 's3-presign-expiry-5-15-min');
    expect([handler.code, handler.err]).toEqual([
      2,
      expect.stringMatching(/^s3-presign-expiry-5-15-min has no rule\. [A-Z]/),
    ]);
    expect((await check.run('--explain', 'nope')).err).toBe(
      'nope is no rule; groundplan check --list prints all of them',
    );
  });

  it('explains and lists every rule', () => {
    for (const { id, title } of RULES) expect(explained(id), id).toContain(title.slice(0, 60));
    expect(listedRules(RULES).split('\n')).toHaveLength(RULES.length);
  });
});
