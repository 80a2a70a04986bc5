import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/wire';
import { recordPipeline } from './data-pipeline-run';
import { expectAllowed, expectDenied, find, TABLE_KEY_REASONS, unusedGrants } from './harness';
import type { AccessRequest } from './policies';
import { ServiceRequests } from './service-requests';
import { ASSUMING_SERVICES, assumption, trustRequests } from './trust-requests';
import {
  adminSecretOf,
  describing,
  requestsOfWarehouseCall,
  SESSION,
  WarehouseRequests,
  workgroupOf,
} from './warehouse-requests';
import { recordWarehouse, usesOf, type WarehouseRecording } from './warehouse-run';

const FOREIGN = '999999999999';

let recording: WarehouseRecording;
let template: ResolvedTemplate;
/** What the pipeline's other handlers call, with a warehouse or without. */
let others: readonly RecordedCall[];

beforeAll(async () => {
  recording = await recordWarehouse();
  template = recording.template;
  others = (await recordPipeline()).calls;
});

const roleIn = (of: ResolvedTemplate, part: string) => find(of, 'AWS::IAM::Role', part).arn;
const schemaHandler = () => roleIn(template, 'SchemaHandlerRole');
const registrar = () => roleIn(template, 'PartitionsHandlerRole');
const scheduler = () => roleIn(template, 'ScheduleRole');
const spectrum = () => roleIn(template, 'WarehouseRole');
const flowLogs = () => roleIn(template, 'FlowLogRole');
const closer = () => roleIn(template, 'VpcRestrictDefaultSG');
const key = () => find(template, 'AWS::KMS::Key');

const called = ({ calls, template: of }: WarehouseRecording) =>
  calls.flatMap((call) => requestsOfWarehouseCall(call, of));
const actionsOf = (requests: readonly AccessRequest[], role: string) =>
  new Set(requests.flatMap(({ principal, action }) => (principal === role ? [action] : [])));

describe('the IAM of a warehouse', () => {
  it('allows each call that its functions made, however CloudFormation asks', async () => {
    expect(recording.told).toEqual(['Create SUCCESS', 'Update SUCCESS', 'Delete SUCCESS']);
    const requests = called(recording);
    expect(actionsOf(requests, schemaHandler())).toEqual(
      new Set(['redshift-data:ExecuteStatement', 'redshift-data:DescribeStatement', 'secretsmanager:GetSecretValue']),
    );
    expect(actionsOf(requests, registrar())).toEqual(
      new Set(['glue:GetTable', 'glue:GetPartitions', 'glue:BatchCreatePartition']),
    );
    await expectAllowed(template, requests);
  });

  it("reads the secret that Redshift keeps for the namespace's administrator", () => {
    const secrets = called(recording).flatMap(({ action, resource }) =>
      action === 'secretsmanager:GetSecretValue' ? [resource] : [],
    );
    expect(new Set(secrets)).toEqual(new Set([adminSecretOf(template)]));
  });

  it('allows what each service does by a role, and on its own', async () => {
    const requests = new WarehouseRequests(template).all();
    const principals = new Set(requests.map(({ principal }) => principal));
    expect(principals).toEqual(new Set([scheduler(), registrar(), spectrum(), flowLogs(), closer()]));
    await expectAllowed(template, new ServiceRequests(template).all());
  });

  it('grants nothing that is not used, but for stated reasons', () => {
    const { stated, unstated } = unusedGrants(template, usesOf(recording, others), TABLE_KEY_REASONS);
    expect(unstated).toEqual([]);
    expect([...stated].sort()).toEqual(Object.keys(TABLE_KEY_REASONS).sort());
  });

  it("grants by no other kind of policy, but for CDK's own functions", () => {
    const managed = template.ofType('AWS::IAM::Role').filter(({ properties }) => 'ManagedPolicyArns' in properties);
    expect(managed.map(({ logicalId }) => logicalId).sort()).toEqual([
      expect.stringMatching(/^CustomS3AutoDeleteObjects/),
      expect.stringMatching(/^CustomVpcRestrictDefaultSG/),
    ]);
    const logging = /^arn:aws:iam::aws:policy\/service-role\/AWSLambdaBasicExecutionRole$/;
    for (const { properties } of managed) {
      expect(properties['ManagedPolicyArns']).toEqual([expect.stringMatching(logging)]);
    }
  });
});

describe('a role of a warehouse', () => {
  it('is assumed by the service that the template gives it to', async () => {
    const requests = trustRequests(template);
    const roles = template.ofType('AWS::IAM::Role').map(({ arn }) => arn);
    expect(new Set(requests.map(({ resource }) => resource))).toEqual(new Set(roles));
    expect(requests.flatMap(({ principal, resource }) => (resource === spectrum() ? [principal] : [])).sort()).toEqual([
      'redshift-serverless.amazonaws.com',
      'redshift.amazonaws.com',
    ]);
    await expectAllowed(template, requests);
  });

  it('is assumed by no other service, and by some for no other account', async () => {
    const { account } = template.deployment;
    const requests = trustRequests(template);
    const trusted = new Set(requests.map(({ principal, resource }) => `${principal} ${resource}`));
    const strangers = template
      .ofType('AWS::IAM::Role')
      .flatMap(({ arn = '' }) =>
        [...ASSUMING_SERVICES, 'events.amazonaws.com', 'cloudformation.amazonaws.com']
          .filter((service) => !trusted.has(`${service} ${arn}`))
          .map((service) => assumption(template, service, arn, account)),
      );
    await expectDenied(template, [
      ...strangers,
      assumption(template, 'scheduler.amazonaws.com', scheduler(), FOREIGN),
      assumption(template, 'vpc-flow-logs.amazonaws.com', flowLogs(), FOREIGN),
    ]);
  });
});

describe('a warehouse denies', () => {
  const act = (principal: string, action: string, resource: string): AccessRequest => ({
    principal,
    action,
    resource,
    policyOf: template.byArn(resource.replace(/^(arn:aws:s3:::[^/]+)\/.+$/, '$1'))?.logicalId,
  });
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${template.deployment.region}:${template.deployment.account}:${resource}`;
  const bucket = (part: string) => find(template, 'AWS::S3::Bucket', part).arn;
  const fn = (part: string) => find(template, 'AWS::Lambda::Function', part).arn;
  const database = () => template.ofType('AWS::Glue::Database')[0]?.name ?? '';
  const onTable = (principal: string, action: string, of: string, table: string) =>
    act(principal, action, arn('glue', `table/${of}/${table}`));

  it('the function that makes the schema other secrets, other warehouses and other ways in', async () => {
    const [secret, workgroup] = [adminSecretOf(template), workgroupOf(template)];
    await expectDenied(template, [
      act(schemaHandler(), 'secretsmanager:GetSecretValue', secret.replace('redshift!', 'redshift!other-')),
      act(schemaHandler(), 'secretsmanager:GetSecretValue', secret.replace(/-([^-]+)$/, '-longer-$1')),
      act(schemaHandler(), 'secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:payments-AbC123')),
      act(schemaHandler(), 'secretsmanager:PutSecretValue', secret),
      act(schemaHandler(), 'redshift-data:ExecuteStatement', workgroup.replace(/[^/]+$/, 'another')),
      act(schemaHandler(), 'redshift-data:BatchExecuteStatement', workgroup),
      act(schemaHandler(), 'redshift-serverless:GetCredentials', workgroup),
      describing(schemaHandler(), SESSION.replace('AROA', 'AROB')),
      describing(registrar(), SESSION),
      act(registrar(), 'redshift-data:ExecuteStatement', workgroup),
      act(registrar(), 'secretsmanager:GetSecretValue', secret),
    ]);
  });

  it('Redshift to write the lake or its catalog, and to read beside the tables', async () => {
    await expectDenied(template, [
      act(spectrum(), 's3:PutObject', `${bucket('Lake')}/events/dt=2026-01-01/forged.parquet`),
      act(spectrum(), 's3:DeleteObject', `${bucket('Lake')}/events/dt=2026-01-01/file.parquet`),
      act(spectrum(), 's3:GetObject', `${bucket('Lake')}/errors/format-conversion-failed/2026-01-01/file`),
      act(spectrum(), 's3:GetObject', `${bucket('Lake')}/events-of-others/dt=2026-01-01/file.parquet`),
      act(spectrum(), 's3:GetObject', `${bucket('Failures')}/rejected/any.jsonl`),
      act(spectrum(), 's3:ListBucket', bucket('Failures')),
      act(spectrum(), 'kms:GenerateDataKey', key().arn),
      ...['glue:UpdateTable', 'glue:DeleteTable', 'glue:BatchCreatePartition'].map((action) =>
        onTable(spectrum(), action, database(), 'events'),
      ),
      onTable(spectrum(), 'glue:GetTable', 'theirs', 'events'),
      act(spectrum(), 'glue:GetDatabase', arn('glue', 'database/theirs')),
      act(spectrum(), 'glue:GetDatabases', arn('glue', 'catalog')),
    ]);
  });

  it('the schedule any other function and queue, and what the function may', async () => {
    await expectDenied(template, [
      act(scheduler(), 'lambda:InvokeFunction', fn('SchemaHandler')),
      act(scheduler(), 'lambda:InvokeFunction', fn('Aggregator')),
      act(scheduler(), 'sqs:SendMessage', arn('sqs', 'another')),
      onTable(scheduler(), 'glue:BatchCreatePartition', database(), 'events'),
      {
        ...act(scheduler(), 'sqs:SendMessage', find(template, 'AWS::SQS::Queue').arn),
        context: { 'aws:SecureTransport': 'false' },
      },
    ]);
  });

  it('the registrar to take a day away, to change a table, other tables and the files', async () => {
    await expectDenied(template, [
      ...['glue:DeletePartition', 'glue:BatchDeletePartition', 'glue:UpdatePartition', 'glue:UpdateTable'].map(
        (action) => onTable(registrar(), action, database(), 'events'),
      ),
      ...['glue:GetTable', 'glue:GetPartitions', 'glue:BatchCreatePartition'].flatMap((action) => [
        onTable(registrar(), action, 'theirs', 'events'),
        onTable(registrar(), action, database(), 'orders'),
      ]),
      act(registrar(), 's3:GetObject', `${bucket('Lake')}/events/dt=2026-01-01/file.parquet`),
      act(registrar(), 'sqs:ReceiveMessage', find(template, 'AWS::SQS::Queue').arn),
    ]);
  });

  it('flow logs other groups, and the function that closes the default group any other', async () => {
    const group = (part: string) => find(template, 'AWS::Logs::LogGroup', part).arn.replace(/:\*$/, '');
    const warehouseGroups = template.ofType('AWS::EC2::SecurityGroup').map(({ name }) => `security-group/${name}`);
    expect(warehouseGroups).toHaveLength(1);
    await expectDenied(template, [
      act(flowLogs(), 'logs:PutLogEvents', `${group('PartitionsHandler')}:log-stream:forged`),
      act(flowLogs(), 'logs:CreateLogGroup', arn('logs', 'log-group:another')),
      ...warehouseGroups.map((each) => act(closer(), 'ec2:AuthorizeSecurityGroupIngress', arn('ec2', each))),
    ]);
  });

  it('services to act without a role: a custom resource is invoked by the rights of whoever deploys', async () => {
    await expectDenied(template, [
      act('cloudformation.amazonaws.com', 'lambda:InvokeFunction', fn('SchemaHandler')),
      act('scheduler.amazonaws.com', 'lambda:InvokeFunction', fn('PartitionsHandler')),
      act('scheduler.amazonaws.com', 'sqs:SendMessage', find(template, 'AWS::SQS::Queue').arn),
      act('scheduler.amazonaws.com', 'kms:GenerateDataKey', key().arn),
      act('redshift.amazonaws.com', 'kms:Decrypt', key().arn),
      act('redshift-serverless.amazonaws.com', 's3:GetObject', `${bucket('Lake')}/events/dt=2026-01-01/file.parquet`),
    ]);
  });
});
