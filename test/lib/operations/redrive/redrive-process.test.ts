import { describe, expect, it } from 'vitest';
import { explained } from '../../../../lib/operations/aws-errors';
import { LocalCloudFormation } from '../../../../local/aws/cloudformation';
import { LocalSqs } from '../../../../local/aws/sqs';
import { useCommandProcess } from '../command-process-fixture';

const location = { account: '111111111111', region: 'eu-west-1' };
const sqs = new LocalSqs(location);
const dead = sqs.createQueue('Shop-Dead-1');
const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
sqs.createQueue('Shop-Work-1', { RedrivePolicy });
const process = useCommandProcess({ sqs, cloudformation: new LocalCloudFormation(location) }, ['redrive']);

describe('groundplan redrive as a process', () => {
  it('reaches what AWS_ENDPOINT_URL names, and no address that a queue has', async () => {
    const { code, out, err } = await process.start('Shop-Work-1 --dry-run', process.local());
    expect([code, out, err]).toEqual([0, 'Shop-Dead-1: 0 messages, from Shop-Work-1\n', '']);
  });

  it('says that there are no credentials, and what to do', async () => {
    const environment = { AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'eu-west-1' };
    const { code, err } = await process.start('Shop-Work-1', environment);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^No AWS credentials: sign in \(aws sso login\), or set AWS_PROFILE\./),
    ]);
  });

  it('says that no region is set', async () => {
    const { AWS_REGION: _, ...environment } = process.local();
    const { code, err } = await process.start('Shop-Work-1', environment);
    expect([code, err]).toEqual([1, 'No region is set: pass --region, or set AWS_REGION.\n']);
  });
});

describe('an AWS error', () => {
  const named = (name: string, more: object = {}) => Object.assign(new Error('what AWS said'), { name, ...more });
  it.each([
    [
      'ExpiredTokenException',
      {},
      /^AWS refuses the credentials: sign in again\. ExpiredTokenException: what AWS said$/,
    ],
    ['UnrecognizedClientException', {}, /^AWS refuses the credentials/],
    ['Error', { code: 'ENOTFOUND' }, /^AWS cannot be reached in eu-wst-1: check the region and the network/],
    ['Error', { code: 'ECONNREFUSED' }, /^AWS cannot be reached in eu-wst-1/],
    [
      'KMS.AccessDeniedException',
      {},
      /^Not allowed: an action in eu-wst-1\. KMS\.AccessDeniedException: what AWS said$/,
    ],
  ])('of the name %s tells an operator what to do', (name, more, message) => {
    expect((explained(named(name, more), 'eu-wst-1') as Error).message).toMatch(message);
  });

  it('that says enough stays as it is', () => {
    const error = named('ThrottlingException');
    expect(explained(error, 'eu-west-1')).toBe(error);
  });
});
