// @project synthesis

import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, stages } from '../../../lib';
import { runRulesOnTemplates } from '../../../lib/checks';
import { ClickstreamPipeline, type ClickstreamPipelineProps } from '../../../patterns/data-pipeline';
import { deployedName } from '../../fixtures/deployed-name';
import { dataPipelineStack, resourcesOf, type TemplateResource, testApp } from '../../synthesize';

const ENTRY = join(__dirname, '../../package/fresh-app/loyalty.ts');

function pipelineIn(stack: Stack, props: ClickstreamPipelineProps = {}, id = 'Clicks'): ClickstreamPipeline {
  return new ClickstreamPipeline(stack, id, { alarmEmail: 'ops@example.com', warehouse: true, ...props });
}
const newStack = (region?: string) =>
  new Stack(testApp(), 'Mine', region === undefined ? {} : { env: { account: '111111111111', region } });
const resources = (stack: Stack) => Object.entries(resourcesOf(Template.fromStack(stack)));
const ofType = (all: [string, TemplateResource][], type: string) => all.filter(([, { Type }]) => Type === type);
const only = (all: [string, TemplateResource][], type: string) => {
  const found = ofType(all, type);
  expect(found.map(([id]) => id)).toHaveLength(1);
  return found[0]?.[1].Properties ?? {};
};

describe('a warehouse', () => {
  const stack = newStack();
  const pipeline = pipelineIn(stack);
  pipeline.addTable('visits', {
    entry: ENTRY,
    columns: [{ name: 'session_id', type: 'string', comment: 'the visit' }],
    since: '2026-10-01',
  });
  const all = resources(stack);

  it('is bounded, encrypted, takes TLS alone, and lies in three private subnets of three zones', () => {
    const subnets = ofType(all, 'AWS::EC2::Subnet');
    const workgroup = only(all, 'AWS::RedshiftServerless::Workgroup');
    expect(workgroup).toMatchObject({ BaseCapacity: 8, MaxCapacity: 16, PubliclyAccessible: false });
    expect(workgroup['SubnetIds']).toEqual(subnets.map(([Ref]) => ({ Ref })));
    expect(workgroup['ConfigParameters']).toContainEqual({ ParameterKey: 'require_ssl', ParameterValue: 'true' });
    expect(subnets.map(([, { Properties }]) => Properties['AvailabilityZone'])).toEqual(
      [0, 1, 2].map((index) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] })),
    );
    expect(only(all, 'AWS::RedshiftServerless::Namespace')['KmsKeyId']).toBeDefined();
  });

  it('has no way out, and lets nobody in until somebody is let in', () => {
    const ways = /^AWS::EC2::(InternetGateway|NatGateway|Route|EIP|VPCEndpoint|SecurityGroupIngress)$/;
    expect(all.filter(([, { Type }]) => ways.test(Type))).toEqual([]);
    const group = only(all, 'AWS::EC2::SecurityGroup');
    expect(group['SecurityGroupIngress']).toBeUndefined();
  });

  it('shows the lake by a schema of the same catalog, made when warehouse and rights are there', () => {
    const [[, schema] = ['', undefined]] = ofType(all, 'Custom::ExternalSchema');
    const [[database] = ['']] = ofType(all, 'AWS::Glue::Database');
    const [[workgroup] = ['']] = ofType(all, 'AWS::RedshiftServerless::Workgroup');
    expect(schema?.Properties).toMatchObject({
      schema: 'clickstream',
      catalogDatabase: { Ref: database },
      workgroup: { Ref: workgroup },
      ServiceTimeout: '900',
    });
    const dependsOn = ([, resource]: [string, TemplateResource]) =>
      (resource as unknown as { DependsOn?: string[] }).DependsOn ?? [];
    const waitsFor = all.filter(([, each]) => each === schema).flatMap(dependsOn);
    expect(waitsFor).toContain(workgroup);
    expect(waitsFor.some((id) => /WarehouseRoleDefaultPolicy/.test(id))).toBe(true);
    const handlers = all.filter(([id]) => waitsFor.includes(id) && /SchemaHandlerFunction/.test(id));
    expect(handlers.flatMap(dependsOn).some((id) => /SchemaHandlerRoleDefaultPolicy/.test(id))).toBe(true);
  });

  it('is told the days of each table, those that are added, too, and may read their files', () => {
    const [[, registrar] = ['', undefined]] = ofType(all, 'AWS::Lambda::Function').filter(([id]) =>
      id.includes('Partitions'),
    );
    const variables =
      (registrar?.Properties['Environment'] as { Variables: Record<string, string> } | undefined)?.Variables ?? {};
    expect(JSON.parse(variables['TABLES'] ?? '')).toEqual([
      { name: 'events', since: '2026-01-01' },
      { name: 'visits', since: '2026-10-01' },
    ]);
    const role = JSON.stringify(ofType(all, 'AWS::IAM::Policy').find(([id]) => /WarehouseRoleDefaultPolicy/.test(id)));
    for (const prefix of ['/events/*', '/visits/*']) expect(role).toContain(prefix);
  });

  it('looks for days only when the tables are there: a schedule begins as soon as it is made', () => {
    const [[, schedule] = ['', undefined]] = ofType(all, 'AWS::Scheduler::Schedule');
    const tables = ofType(all, 'AWS::Glue::Table').map(([id]) => id);
    expect(tables).toHaveLength(2);
    expect((schedule as unknown as { DependsOn: string[] }).DependsOn).toEqual(expect.arrayContaining(tables));
  });

  it('loses no event of the schedule', () => {
    expect(only(all, 'AWS::Scheduler::Schedule')).toMatchObject({
      ScheduleExpression: 'rate(12 hours)',
      Target: { RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: expect.anything() } },
    });
    expect(only(all, 'AWS::Lambda::EventInvokeConfig')).toMatchObject({
      DestinationConfig: { OnFailure: { Destination: expect.anything() } },
    });
  });

  it('leaves nothing behind in dev: each log group is the stack’s, that of CDK’s own functions, too', () => {
    const groups = ofType(all, 'AWS::Logs::LogGroup');
    expect(groups.map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(groups.map(() => 'Delete'));
    for (const [id, { Properties }] of ofType(all, 'AWS::Lambda::Function')) {
      expect(JSON.stringify(Properties['LoggingConfig']), id).toMatch(/"LogGroup":\{"Ref"/);
    }
    const [[, namespace] = ['', undefined]] = ofType(all, 'AWS::RedshiftServerless::Namespace');
    expect(namespace?.DeletionPolicy).toBe('Delete');
  });

  it.each(STAGE_NAMES)('is one that our rules have nothing to say of in %s', (stage) => {
    const built = dataPipelineStack(testApp(), stage, { warehouse: true });
    const templates = { DataPipeline: Template.fromStack(built).toJSON() };
    const bad = runRulesOnTemplates(templates, { strict: stage !== 'dev' }).filter(
      ({ verdict }) => verdict.kind !== 'compliant',
    );
    expect(bad.map(({ id, resource, verdict }) => [id, resource.path, verdict])).toEqual([]);
  });

  it('keeps its data in prod', () => {
    const built = newStack();
    pipelineIn(built, { stage: stages.prod });
    const [[, namespace] = ['', undefined]] = ofType(resources(built), 'AWS::RedshiftServerless::Namespace');
    expect(namespace?.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it('may be there twice in a stack', () => {
    const built = newStack();
    for (const id of ['One', 'Two']) pipelineIn(built, {}, id);
    const names = ofType(resources(built), 'AWS::RedshiftServerless::Namespace').map(([, { Properties }]) =>
      deployedName(Properties['NamespaceName']),
    );
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]{3,64}$/);
  });

  it('lies in a VPC of yours', () => {
    const built = newStack('eu-west-1');
    const vpc = new Vpc(built, 'Yours', {
      maxAzs: 3,
      natGateways: 0,
      subnetConfiguration: [{ name: 'a', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    pipelineIn(built, { existing: { vpc } });
    const found = resources(built);
    expect(ofType(found, 'AWS::EC2::VPC')).toHaveLength(1);
    expect(only(found, 'AWS::RedshiftServerless::Workgroup')['SubnetIds']).toHaveLength(3);
  });
});

describe('a warehouse that cannot be is refused', () => {
  it.each<[string, ClickstreamPipelineProps, RegExp]>([
    [
      'a capacity between steps',
      { warehouse: { baseCapacity: 12 } },
      /baseCapacity is '12 RPU'; allowed: 8 to 512 RPU in steps of 8/,
    ],
    ['no bound', { warehouse: { maxCapacity: Number.POSITIVE_INFINITY } }, /maxCapacity is 'Infinity RPU'/],
    [
      'a bound below the base',
      { warehouse: { baseCapacity: 32, maxCapacity: 16 } },
      /maxCapacity is '16 RPU'; allowed: 32 to 512 RPU.*\[redshift-serverless-bounds\]/,
    ],
    ['too much', { warehouse: { baseCapacity: 1024 } }, /baseCapacity is '1024 RPU'/],
  ])('%s', (_, props, message) => {
    expect(() => pipelineIn(newStack(), props)).toThrow(message);
  });

  it('too few subnets', () => {
    const built = newStack();
    const vpc = new Vpc(built, 'Yours', {
      natGateways: 0,
      subnetConfiguration: [{ name: 'a', subnetType: SubnetType.PRIVATE_ISOLATED }],
    });
    expect(() => pipelineIn(built, { existing: { vpc } })).toThrow(/vpc is '2 private subnets'; allowed: at least 3/);
  });

  it('a VPC for no warehouse', () => {
    const built = newStack();
    const vpc = new Vpc(built, 'Yours');
    expect(() => pipelineIn(built, { warehouse: false, existing: { vpc } })).toThrow(
      /existing.vpc is 'Mine\/Yours'; allowed: only with a warehouse/,
    );
  });

  it('a region of two zones', () => {
    expect(() => pipelineIn(newStack('us-west-1'))).toThrow(/region is 'us-west-1'.*pass your own VPC/);
  });
});
