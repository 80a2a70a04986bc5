import { describe, expect, it } from 'vitest';
import { AwsAnswerError } from '../../../../lib/operations/doctor/aws/protocol';
import { placesOf } from '../../../../lib/operations/doctor/place';
import { hasMade, isNew, newOnes, stackOf } from '../../../../lib/operations/doctor/stack-state';

const artifact = { stackName: 'Shop', environment: '' };
const [place] = placesOf(
  {
    templates: { Shop: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } } },
    stackNames: new Map(),
    nested: new Map(),
    artifacts: new Map([['Shop', artifact]]),
    files: new Map(),
    regions: new Map(),
  },
  { account: '111122223333', arn: '', region: 'eu-west-1', answering: 'eu-west-1' },
);
/** CloudFormation that answers so. */
const answering = (answer: object | Error) => ({
  call: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
});
const status = (StackStatus: string) => answering({ Stacks: [{ StackStatus }] });
const missing = answering(new AwsAnswerError('ValidationError', 'Stack with id Shop does not exist', 400));
const refused = answering(new AwsAnswerError('AccessDenied', 'not authorized', 403));

describe('a stack', () => {
  it('is what CloudFormation says, or not there', async () => {
    expect(await stackOf(status('CREATE_COMPLETE'), 'Shop')).toEqual({ StackStatus: 'CREATE_COMPLETE' });
    expect(await stackOf(missing, 'Shop')).toBeUndefined();
    await expect(stackOf(refused, 'Shop')).rejects.toThrow('not authorized');
    const other = answering(new AwsAnswerError('ValidationError', 'a name is too long', 400));
    await expect(stackOf(other, 'Shop')).rejects.toThrow('too long');
  });
});

describe('a resource', () => {
  it.each([
    ['CREATE_COMPLETE', false],
    ['UPDATE_ROLLBACK_COMPLETE', false],
    ['REVIEW_IN_PROGRESS', true],
    ['ROLLBACK_COMPLETE', true],
    ['DELETE_COMPLETE', true],
    ['ROLLBACK_FAILED', false],
  ])('of a stack in %s is new: %s', async (state, expected) => {
    if (place === undefined) throw new Error('There is one place');
    expect(await isNew(status(state), place, { stack: 'Shop' })).toBe(expected);
  });

  it('is new where its stack is not there', async () => {
    if (place === undefined) throw new Error('There is one place');
    expect(await isNew(missing, place, { stack: 'Shop' })).toBe(true);
    await expect(isNew(refused, place, { stack: 'Shop' })).rejects.toThrow('not authorized');
    expect(await isNew(status('CREATE_COMPLETE'), place, { stack: 'Elsewhere' })).toBe(true);
  });

  it('is among the new ones, or not', async () => {
    if (place === undefined) throw new Error('There is one place');
    const all = [{ resource: { stack: 'Shop' } }, { resource: { stack: 'Elsewhere' } }];
    expect(await newOnes(status('CREATE_COMPLETE'), place, all)).toEqual([all[1]]);
    expect(await newOnes(missing, place, all)).toEqual(all);
  });

  it('is made by a stack that says so', async () => {
    expect(await hasMade(answering({ StackResourceDetail: {} }), 'Shop', 'Queue')).toBe(true);
    expect(await hasMade(answering({}), 'Shop', 'Queue')).toBe(false);
    expect(await hasMade(missing, 'Shop', 'Queue')).toBe(false);
    await expect(hasMade(refused, 'Shop', 'Queue')).rejects.toThrow('not authorized');
  });
});
