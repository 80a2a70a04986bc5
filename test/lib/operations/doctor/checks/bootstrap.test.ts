import { describe, expect, it } from 'vitest';
import { bootstrap } from '../../../../../lib/operations/doctor/checks/bootstrap';
import { denied, Refusal } from '../account-fixture';
import { useDoctor } from '../doctor-fixture';

const { told } = useDoctor();
const QUEUE = { Queue: { Type: 'AWS::SQS::Queue' } };
const version = (Value: string) => ({ 'ssm:GetParameter': () => ({ Parameter: { Value } }) });
const properties = (qualifier: string) => ({
  requiresBootstrapStackVersion: 6,
  bootstrapStackVersionSsmParameter: `/cdk-bootstrap/${qualifier}/version`,
});

describe('the bootstrap stack', () => {
  it.each([
    ['5', 'will-fail'],
    ['6', 'ok'],
    ['10', 'ok'],
    ['', 'will-fail'],
    ['none', 'will-fail'],
  ])('of version "%s" where 6 is needed: %s', async (is, expected) => {
    const [found] = await told(bootstrap.id, QUEUE, version(is));
    expect(found?.is).toBe(expected);
    expect(found?.commands ?? []).toEqual(expected === 'ok' ? [] : ['npx cdk bootstrap aws://111122223333/eu-west-1']);
  });

  it('that is not there is made by one command', async () => {
    const missing = { 'ssm:GetParameter': () => new Refusal('ParameterNotFound') };
    expect(await told(bootstrap.id, QUEUE, missing)).toMatchObject([
      {
        is: 'will-fail',
        stacks: ['Shop'],
        reason: 'The region is not bootstrapped: there is no parameter /cdk-bootstrap/hnb659fds/version',
        commands: ['npx cdk bootstrap aws://111122223333/eu-west-1'],
      },
    ]);
    expect(await told(bootstrap.id, QUEUE, missing, { properties: properties('mine') })).toMatchObject([
      {
        commands: [
          'npx cdk bootstrap aws://111122223333/eu-west-1 --qualifier mine --toolkit-stack-name CDKToolkit-mine',
        ],
      },
    ]);
  });

  it('is looked up once for all stacks of a region, and not where none needs it', async () => {
    expect(await told(bootstrap.id, QUEUE, {}, { properties: {} })).toEqual([]);
  });

  it('that must not be read cannot be told', async () => {
    expect(await told(bootstrap.id, QUEUE, { 'ssm:GetParameter': denied })).toMatchObject([
      { is: 'cannot-tell', reason: 'no permission for ssm:GetParameter in eu-west-1' },
    ]);
  });
});
