import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { DataKey, HandlerCode, stages } from '../../../lib';
import { HandlerFunction } from '../../../lib/compute/handler-function';
import { OriginSecret } from '../../../lib/edge/origin-secret';
import { resourcesOf, testApp } from '../../synthesize';

function fixture(generation?: number) {
  const stack = new Stack(testApp(), 'Shop');
  const stage = stages.dev;
  const { key: encryptionKey } = new DataKey(stack, 'Key', { stage, description: 'Logs' });
  const secret = new OriginSecret(stack, 'OriginSecret', { stage, encryptionKey, generation });
  // Any handler: what it does is of no matter here.
  const api = new HandlerFunction(stack, 'Api', {
    stage,
    encryptionKey,
    code: HandlerCode.prebuilt('edge', 'origin-secret'),
    serviceName: 'api',
    timeout: Duration.seconds(10),
    environment: { ORIGIN_VERIFIERS: secret.verifiers },
  });
  expect(api.alias.aliasName).toBe('live');
  return Template.fromStack(stack);
}

describe('the secret between CloudFront and the API', () => {
  it('gives a function that checks it a new version with each generation', () => {
    const versions = [undefined, 1, 2].map((generation) =>
      Object.keys(resourcesOf(fixture(generation), 'AWS::Lambda::Version')),
    );
    expect(versions[0]).toHaveLength(1);
    expect(versions[1]).toEqual(versions[0]);
    expect(versions[2]).not.toEqual(versions[1]);
  });

  it('leaves no value in the environment, and none in an output', () => {
    const template = fixture();
    for (const { Properties } of Object.values(resourcesOf(template, 'AWS::Lambda::Function'))) {
      expect(JSON.stringify(Properties)).not.toMatch(/"OriginSecret[^"]*","Value/);
    }
    expect(template.toJSON()).not.toHaveProperty('Outputs');
  });

  it.each([0, 1.5, -1, Number.NaN])('refuses %s as a generation', (generation) => {
    expect(() => fixture(generation)).toThrow(/Shop\/OriginSecret: generation is .*; allowed: a whole number from 1/);
  });
});
