import type { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json';
import { GroundplanApp } from '../../patterns/groundplan-app';

const app = (context: Record<string, unknown>) =>
  new GroundplanApp({ context: { ...cdkJson.context, ...context }, builtinCloudFormationValidation: false });

/** Synthesizes without the report on standard error. */
function synthesize(built: GroundplanApp): void {
  const write = process.stderr.write;
  process.stderr.write = () => true;
  try {
    built.synth();
  } finally {
    process.stderr.write = write;
  }
}

describe('the CDK app', () => {
  it('passes every rule pack in prod, with and without an e-mail', async () => {
    for (const alarmEmail of ['ops@example.com', undefined]) {
      const prod = await app({ stage: 'prod', ...(alarmEmail !== undefined && { alarmEmail }) }).addChecks();
      expect(() => synthesize(prod)).not.toThrow();
    }
  });

  it.each([
    ['prod', true],
    ['dev', false],
  ])('in %s a finding fails the synth: %s', async (stage, fails) => {
    const built = await app({ stage }).addChecks();
    new Queue(built.node.findChild('EventDriven') as Stack, 'Bare');
    if (fails) expect(() => synthesize(built)).toThrow(/[Vv]alidation/);
    else expect(() => synthesize(built)).not.toThrow();
  });
});
