import { describe, expect, it } from 'vitest';
import { stack } from '../../../../../lib/operations/doctor/checks/stack';
import { denied, stackIn } from '../account-fixture';
import { useDoctor } from '../doctor-fixture';

const { told } = useDoctor();
const QUEUE = { Queue: { Type: 'AWS::SQS::Queue' } };
const PROTECTED = '<EnableTerminationProtection>true</EnableTerminationProtection>';
const is = (status: string, more = '') => ({ 'cloudformation:DescribeStacks': () => stackIn(status, more) });

describe('a stack', () => {
  it.each([
    ['CREATE_COMPLETE', '', 'ok', 0],
    ['UPDATE_ROLLBACK_COMPLETE', '', 'ok', 0],
    ['REVIEW_IN_PROGRESS', '', 'ok', 0],
    ['ROLLBACK_COMPLETE', '', 'ok', 0],
    ['ROLLBACK_COMPLETE', PROTECTED, 'will-fail', 3],
    ['ROLLBACK_FAILED', '', 'will-fail', 2],
    ['DELETE_FAILED', '', 'will-fail', 2],
    ['UPDATE_ROLLBACK_FAILED', '', 'will-fail', 1],
    ['UPDATE_IN_PROGRESS', '', 'will-fail', 1],
  ])('in %s %s: %s', async (status, more, expected, commands) => {
    const [found] = await told(stack.id, QUEUE, is(status, more));
    expect([found?.is, found?.commands?.length ?? 0]).toEqual([expected, commands]);
  });

  it('that a protected try left behind is deleted by three commands', async () => {
    expect(await told(stack.id, QUEUE, is('ROLLBACK_COMPLETE', PROTECTED))).toMatchObject([
      {
        reason: 'ROLLBACK_COMPLETE: an earlier try is to be deleted first, and termination protection forbids it',
        commands: [
          'aws cloudformation update-termination-protection --no-enable-termination-protection --region eu-west-1 --stack-name Shop',
          'aws cloudformation delete-stack --region eu-west-1 --stack-name Shop',
          'aws cloudformation wait stack-delete-complete --region eu-west-1 --stack-name Shop',
        ],
      },
    ]);
  });

  it('that does not exist is fine, and one that must not be described cannot be told', async () => {
    expect(await told(stack.id, QUEUE)).toMatchObject([{ is: 'ok', reason: 'not deployed yet' }]);
    expect(await told(stack.id, QUEUE, { 'cloudformation:DescribeStacks': denied })).toMatchObject([
      { is: 'cannot-tell', reason: 'no permission for cloudformation:DescribeStacks in eu-west-1' },
    ]);
  });
});
