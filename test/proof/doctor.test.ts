import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CHECKS } from '../../lib/operations/doctor/checks';
import { PATTERNS } from '../../patterns/patterns';
import { synthesesOf } from '../../patterns/synthesis';
import { type AccountAnswers, ec2, Refusal, stackIn, zonesXml } from '../lib/operations/doctor/account-fixture';
import { type Told, useDoctor } from '../lib/operations/doctor/doctor-fixture';

const fixture = useDoctor();
const NAMES = PATTERNS.map(({ name }) => name);
afterEach(() => vi.unstubAllEnvs());
const syntheses = synthesesOf(PATTERNS);

/** What makes a pattern in production raise more questions. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  'data-pipeline': ['-c', 'warehouse=true'],
  'web-app': ['-c', 'mailFrom=shop@example.com', '-c', 'compute=fargate'],
  'genai-rag': ['-c', 'mailFrom=shop@example.com', '-c', 'vectorStore=opensearch'],
};

async function doctor(name: string, answers: AccountAnswers = {}, docker = 'true') {
  vi.stubEnv('CDK_DOCKER', docker);
  const args = [name, '-c', 'stage=prod', '-c', 'alarmEmail=ops@example.com', ...(MORE[name] ?? []), '--json'];
  const { code, out, err } = await fixture.run(args, answers, { syntheses });
  expect(err).toBe('');
  const verdicts = JSON.parse(out) as readonly Told[];
  const of = (is: string) =>
    verdicts.filter((each) => each.is === is).map(({ check, region, subject }) => `${check} ${region} ${subject}`);
  return { code, verdicts, failing: of('will-fail'), undecided: of('cannot-tell') };
}

/** An account of today, in which nothing was deployed but one try that failed. */
const NEW: AccountAnswers = {
  'ssm:GetParameter': () => new Refusal('ParameterNotFound'),
  'cloudformation:DescribeStacks': () =>
    stackIn('ROLLBACK_COMPLETE', '<EnableTerminationProtection>true</EnableTerminationProtection>'),
  'lambda:GetAccountSettings': () => ({
    AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 },
  }),
  'servicequotas:GetServiceQuota': () => ({ Quota: { Value: 1 } }),
  'iam:GetRole': () => new Refusal('NoSuchEntity', 'The role cannot be found', 404),
  'ec2:DescribeAvailabilityZones': ({ region }) => zonesXml(region, ['euw1-az1', 'euw1-az2']),
  'ec2:DescribeVpcs': () => ec2('DescribeVpcs', '<vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet>'),
  'bedrock:GetFoundationModelAvailability': () => ({ entitlementAvailability: 'NOT_AVAILABLE' }),
  'lakeformation:GetDataLakeSettings': () => ({ DataLakeSettings: {} }),
  'logs:DescribeResourcePolicies': () => ({
    resourcePolicies: Array.from({ length: 10 }, (_, at) => ({ policyName: `policy-${at}` })),
  }),
  'ses:GetAccount': () => ({ ProductionAccessEnabled: false, SendingEnabled: true }),
  'ses:GetEmailIdentity': () => new Refusal('NotFoundException', 'not found', 404),
  'apigateway:GET': () => ({}),
};

describe('each pattern in production', () => {
  it.each(NAMES)('%s can be deployed to an account that is ready', async (name) => {
    const { code, verdicts } = await doctor(name);
    expect(verdicts.filter(({ is }) => is !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect(verdicts.map(({ check, region, subject }) => `${check} ${region} ${subject}`)).toMatchSnapshot();
  });

  it.each(NAMES)('%s names each fault of a new account, with a command', async (name) => {
    const { code, verdicts, failing, undecided } = await doctor(name, NEW, join(fixture.folder, 'no-docker'));
    expect(code).toBe(1);
    expect({ failing, undecided }).toMatchSnapshot();
    const helpless = verdicts.filter(({ is, commands = [] }) => is === 'will-fail' && commands.length === 0);
    // A region has the zones that it has.
    expect(helpless.map(({ check }) => check).filter((check) => check !== 'zones')).toEqual([]);
  });

  it('is asked about everything but what none of them has', async () => {
    const found = new Set<string>();
    for (const name of NAMES) for (const { check } of (await doctor(name)).verdicts) found.add(check);
    const never = CHECKS.map(({ id }) => id).filter((id) => !found.has(id));
    // No pattern writes a name, and the one with a REST API sets the role for its logs itself.
    expect(never).toEqual(['api-gateway-logs', 'names']);
  });
});
