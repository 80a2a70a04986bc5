import { describe, expect, it } from 'vitest';
import { lambdaConcurrency } from '../../../../../lib/operations/doctor/checks/lambda-concurrency';
import { denied, stackIn } from '../account-fixture';
import { type Resources, useDoctor } from '../doctor-fixture';

const { told } = useDoctor();
const limits = (ConcurrentExecutions: number, UnreservedConcurrentExecutions = ConcurrentExecutions) => ({
  'lambda:GetAccountSettings': () => ({ AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions } }),
});
const reserving = (amount: unknown): Resources => ({
  Api: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: amount } },
});
const warm = (amount: number, of: Resources): Resources => ({
  ...of,
  Live: {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      FunctionName: { Ref: 'Api' },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: amount },
    },
  },
});
const UNRESERVED: Resources = { Api: { Type: 'AWS::Lambda::Function', Properties: {} } };

describe('the concurrency that functions reserve', () => {
  it.each([
    [50, limits(150), 'ok'],
    [51, limits(150), 'will-fail'],
    ['50', limits(150), 'ok'],
    [50, limits(1000, 149), 'will-fail'],
    [1, limits(10), 'will-fail'],
    [0, limits(10), 'ok'],
  ])('%s beside what AWS keeps: %#', async (amount, answers, expected) => {
    const [found] = await told(lambdaConcurrency.id, reserving(amount), answers);
    expect(found?.is).toBe(expected);
  });

  it('names the command that raises the quota, to what all of it needs', async () => {
    const [found] = await told(lambdaConcurrency.id, reserving(50), limits(10));
    expect(found?.reason).toBe(
      'The functions reserve 50, and 0 of 10 can be reserved, since 100 must stay unreserved. ' +
        'A pattern of this package does without in dev and staging, by -c accountConcurrency=10',
    );
    expect(found?.commands).toEqual([
      'aws service-quotas request-service-quota-increase --region eu-west-1 --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
    ]);
    const [small] = await told(lambdaConcurrency.id, reserving(50), limits(100));
    const [less] = await told(lambdaConcurrency.id, reserving(50), limits(101));
    expect([small, less].map((each) => each?.reason.includes('accountConcurrency'))).toEqual([true, false]);
    const [full] = await told(lambdaConcurrency.id, reserving(50), limits(3000, 120));
    expect(full?.commands).toEqual([expect.stringMatching(/--desired-value 3030$/)]);
  });

  it('counts what is kept warm, unless it is inside a reservation', async () => {
    expect((await told(lambdaConcurrency.id, warm(2, UNRESERVED), limits(101)))[0]?.is).toBe('will-fail');
    expect((await told(lambdaConcurrency.id, warm(2, UNRESERVED), limits(102)))[0]?.is).toBe('ok');
    expect((await told(lambdaConcurrency.id, warm(2, reserving(5)), limits(105)))[0]?.is).toBe('ok');
  });

  it('cannot tell a reservation that deployment decides, nor what a deployed stack holds of it', async () => {
    const late = await told(lambdaConcurrency.id, reserving({ Ref: 'Amount' }), limits(1000));
    expect(late).toMatchObject([{ is: 'cannot-tell', reason: expect.stringMatching(/known only at deployment/) }]);
    const deployed = { 'cloudformation:DescribeStacks': () => stackIn('UPDATE_COMPLETE') };
    expect(await told(lambdaConcurrency.id, reserving(51), { ...limits(150), ...deployed })).toMatchObject([
      { is: 'cannot-tell', reason: expect.stringMatching(/some of it in stacks that are deployed/) },
    ]);
    const failed = { 'cloudformation:DescribeStacks': () => stackIn('ROLLBACK_COMPLETE') };
    expect(await told(lambdaConcurrency.id, reserving(51), { ...limits(150), ...failed })).toMatchObject([
      { is: 'will-fail' },
    ]);
  });

  it('asks nothing where nothing is reserved, and cannot tell without permission', async () => {
    expect(await told(lambdaConcurrency.id, UNRESERVED)).toEqual([]);
    expect(await told(lambdaConcurrency.id, reserving(1), { 'lambda:GetAccountSettings': denied })).toMatchObject([
      { is: 'cannot-tell', reason: 'no permission for lambda:GetAccountSettings in eu-west-1' },
    ]);
    expect(await told(lambdaConcurrency.id, reserving(1), { 'lambda:GetAccountSettings': () => ({}) })).toMatchObject([
      { is: 'cannot-tell' },
    ]);
  });
});
