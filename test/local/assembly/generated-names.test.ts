import { expect, it } from 'vitest';
import { ResolvedTemplate } from '../../../local/assembly/resolved-template';

const DEPLOYMENT = { account: '111111111111', region: 'eu-west-1', stackName: 'AStackWithAName' };

it.each([
  ['AWS::Lambda::Function', 64],
  ['AWS::KinesisFirehose::DeliveryStream', 64],
  ['AWS::S3::Bucket', 63],
  ['AWS::Kinesis::Stream', 128],
])('cuts generated names of %s to %i characters, and keeps them apart', (Type, most) => {
  const long = 'VeryLong'.repeat(16);
  const Resources = { Short: { Type }, [`${long}1A2B3C4D`]: { Type }, [`${long}5E6F7A8B`]: { Type } };
  const [short, one, other] = new ResolvedTemplate({ Resources }, DEPLOYMENT).ofType(Type);
  expect(short?.name.toLowerCase()).toBe('astackwithaname-short');
  expect([one?.name.length, other?.name.length]).toEqual([most, most]);
  expect(one?.name).not.toBe(other?.name);
});
