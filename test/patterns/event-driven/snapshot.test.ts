import { describe, expect, it } from 'vitest';
import { expectCommitted, expectCommittedDifference } from '../../snapshots/committed-fixture';
import { type JsonObject, normalized, printed } from '../../snapshots/readable-template';
import { eventDrivenTemplate } from '../../synthesize';

const template = (stage: 'dev' | 'staging' | 'prod') => eventDrivenTemplate(stage).toJSON();

/** The template in a region that it knows, as CDK writes it there: the difference is then the edge's alone. */
function inUsEast1(template: JsonObject): JsonObject {
  const known: JsonObject = { 'AWS::Region': 'us-east-1', 'AWS::Partition': 'aws' };
  return JSON.parse(JSON.stringify(template), (key, value) => {
    if (key === 'Fn::Sub' && typeof value === 'string') return value.replaceAll(/\$\{AWS::Region\}/g, 'us-east-1');
    return known[value?.Ref] ?? value;
  });
}

describe('the template of the event-driven pattern', () => {
  it('is as committed in dev', async () => {
    await expectCommitted('event-driven.dev', template('dev'));
  });

  it.each(['staging', 'prod'] as const)('differs in %s by what is committed', async (stage) => {
    await expectCommittedDifference(`event-driven.${stage}`, [template('dev'), template(stage)], ['dev', stage]);
  });

  it('gets from an edge, in us-east-1, what is committed', async () => {
    const after = eventDrivenTemplate('staging', { edge: true }).toJSON();
    await expectCommittedDifference('event-driven.edge', [inUsEast1(template('staging')), after], ['staging', 'edge']);
  });

  it('does not churn: a changed handler changes nothing in the snapshot', () => {
    const built = JSON.stringify(template('prod'));
    const rebuilt = built
      .replace(/[0-9a-f]{64}/g, 'f'.repeat(64))
      .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, `$1${'e'.repeat(32)}`);
    expect(rebuilt).not.toBe(built);
    expect(printed(normalized(JSON.parse(rebuilt)))).toBe(printed(normalized(JSON.parse(built))));
  });
});
