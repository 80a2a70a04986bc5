import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/wire';
import { recordPipeline } from './data-pipeline-run';
import { requestsOfCall } from './handler-requests';
import { expectAllowed, expectDenied, find, TABLE_KEY_REASONS, unusedGrants } from './harness';
import type { AccessRequest } from './policies';
import { ServiceRequests } from './service-requests';
import { ASSUMING_SERVICES, assumption, trustRequests } from './trust-requests';

const FOREIGN = '999999999999';

let template: ResolvedTemplate;
let calls: readonly RecordedCall[];

beforeAll(async () => {
  ({ template, calls } = await recordPipeline());
});

const called = () => calls.flatMap((call) => requestsOfCall(call, template));
const rolesOf = (type: string, part: string) => find(template, type, part).arn;
const aggregator = () => rolesOf('AWS::IAM::Role', 'AggregatorRole');
const firehose = () => rolesOf('AWS::IAM::Role', 'DeliveryRole');
const postEvent = () => rolesOf('AWS::IAM::Role', 'PostEventRole');
const transform = () => rolesOf('AWS::IAM::Role', 'TransformRole');
const key = () => find(template, 'AWS::KMS::Key');

describe('the IAM of the data pipeline', () => {
  it('allows each call that a handler made', async () => {
    const requests = called();
    expect(new Set(requests.map(({ principal }) => principal))).toEqual(new Set([aggregator(), postEvent()]));
    expect(new Set(requests.map(({ action }) => action).filter((action) => !action.startsWith('kms:')))).toEqual(
      new Set([
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'kinesis:PutRecord',
        's3:PutObject',
        'sns:Publish',
      ]),
    );
    await expectAllowed(template, requests);
  });

  it('allows what each service does by a role, and on its own', async () => {
    const requests = new ServiceRequests(template).all();
    const roles = template.ofType('AWS::IAM::Role').map(({ arn }) => arn);
    const services = [
      'apigateway.amazonaws.com',
      'cloudwatch.amazonaws.com',
      `logs.${template.deployment.region}.amazonaws.com`,
    ];
    expect(new Set(requests.map(({ principal }) => principal))).toEqual(new Set([...roles, ...services]));
    await expectAllowed(template, requests);
  });

  it('grants nothing that is not used, but for stated reasons', () => {
    const used = [...called(), ...new ServiceRequests(template).all()];
    const { stated, unstated } = unusedGrants(template, used, TABLE_KEY_REASONS);
    expect(unstated).toEqual([]);
    expect([...stated].sort()).toEqual(Object.keys(TABLE_KEY_REASONS).sort());
  });

  it('grants nothing to tell of breaches without a rule for them', async () => {
    const quiet = await recordPipeline({ props: () => ({ alerts: [] }) });
    const used = [
      ...quiet.calls.flatMap((call) => requestsOfCall(call, quiet.template)),
      ...new ServiceRequests(quiet.template).all(),
    ];
    await expectAllowed(quiet.template, used);
    expect(unusedGrants(quiet.template, used, TABLE_KEY_REASONS).unstated).toEqual([]);
  });

  it("grants by no other kind of policy, but for CDK's own function", () => {
    const others = template
      .ofType('AWS::IAM::Role')
      .filter(({ properties }) => 'ManagedPolicyArns' in properties || 'Policies' in properties);
    expect(others.map(({ logicalId }) => logicalId)).toEqual([expect.stringMatching(/^CustomS3AutoDeleteObjects/)]);
  });
});

describe('a role of the data pipeline', () => {
  it('is assumed by the service that the template gives it to', async () => {
    const requests = trustRequests(template);
    const roles = template.ofType('AWS::IAM::Role').map(({ arn }) => arn);
    expect(new Set(requests.map(({ resource }) => resource))).toEqual(new Set(roles));
    await expectAllowed(template, requests);
  });

  it('is assumed by no other service, and by Firehose for no other account', async () => {
    const { account } = template.deployment;
    const others = trustRequests(template).flatMap(({ principal, resource }) =>
      [...ASSUMING_SERVICES, 'events.amazonaws.com']
        .filter((service) => service !== principal)
        .map((service) => assumption(template, service, resource, account)),
    );
    await expectDenied(template, [...others, assumption(template, 'firehose.amazonaws.com', firehose(), FOREIGN)]);
  });
});

describe('the data pipeline denies', () => {
  const act = (principal: string, action: string, resource: string): AccessRequest => ({
    principal,
    action,
    resource,
    policyOf: template.byArn(resource.replace(/^(arn:aws:s3:::[^/]+)\/.+$/, '$1'))?.logicalId,
  });
  const bucket = (part: string) => find(template, 'AWS::S3::Bucket', part).arn;
  const stream = () => find(template, 'AWS::Kinesis::Stream').arn;
  const table = () => find(template, 'AWS::DynamoDB::Table').arn;

  it('the aggregator what is not its own', async () => {
    await expectDenied(template, [
      act(aggregator(), 's3:PutObject', `${bucket('Lake')}/events/dt=2026-01-01/forged.parquet`),
      act(aggregator(), 's3:PutObject', `${bucket('Failures')}/elsewhere`),
      act(aggregator(), 's3:GetObject', `${bucket('Failures')}/rejected/any.jsonl`),
      act(aggregator(), 'dynamodb:DeleteItem', table()),
      act(aggregator(), 'kinesis:PutRecord', stream()),
      act(aggregator(), 'kinesis:SubscribeToShard', `${stream()}/consumer/other:1`),
    ]);
  });

  it('Firehose what is outside its prefixes, and to write what it reads', async () => {
    await expectDenied(template, [
      act(firehose(), 's3:PutObject', `${bucket('Lake')}/other/dt=2026-01-01/file.parquet`),
      act(firehose(), 's3:PutObject', `${bucket('Failures')}/aws/lambda/forged`),
      act(firehose(), 's3:PutObject', `${bucket('QueryResults')}/results/forged.csv`),
      act(firehose(), 's3:DeleteObject', `${bucket('Lake')}/events/dt=2026-01-01/file.parquet`),
      act(firehose(), 'kinesis:PutRecord', stream()),
      act(firehose(), 'glue:UpdateTable', `arn:aws:glue:eu-west-1:${template.deployment.account}:catalog`),
      act(firehose(), 'lambda:InvokeFunction', find(template, 'AWS::Lambda::Function', 'AggregatorFunction').arn),
    ]);
  });

  it('the function behind the API all but a record into the one stream', async () => {
    await expectDenied(template, [
      act(postEvent(), 'kinesis:GetRecords', stream()),
      act(postEvent(), 'kinesis:PutRecords', stream()),
      act(postEvent(), 'kinesis:PutRecord', stream().replace(/[^/]+$/, 'another')),
      act(postEvent(), 'kms:Decrypt', key().arn),
    ]);
  });

  it('the transform everything but its log and its traces', async () => {
    await expectDenied(template, [
      act(transform(), 'dynamodb:Query', table()),
      act(transform(), 'dynamodb:UpdateItem', table()),
      act(transform(), 'kinesis:GetRecords', stream()),
      act(transform(), 's3:PutObject', `${bucket('Lake')}/events/dt=2026-01-01/forged.parquet`),
      act(transform(), 'kms:Decrypt', key().arn),
    ]);
  });

  it('the function that empties buckets to read them', async () => {
    const emptier = rolesOf('AWS::IAM::Role', 'S3AutoDeleteObjects');
    await expectDenied(template, [
      act(emptier, 's3:GetObject', `${bucket('Lake')}/events/dt=2026-01-01/file.parquet`),
      act(emptier, 's3:PutObject', `${bucket('Lake')}/events/dt=2026-01-01/file.parquet`),
    ]);
  });

  it('what is not encrypted on its way', async () => {
    const context = { 'aws:SecureTransport': 'false' };
    await expectDenied(template, [
      { ...act(firehose(), 's3:PutObject', `${bucket('Lake')}/events/dt=2026-01-01/file.parquet`), context },
      { ...act(aggregator(), 'sns:Publish', find(template, 'AWS::SNS::Topic').arn), context },
    ]);
  });

  it("other accounts' alarms and logs, and other services", async () => {
    const topic = find(template, 'AWS::SNS::Topic').arn;
    const log = `arn:aws:logs:eu-west-1:${FOREIGN}:log-group:theirs`;
    const alarm = (principal: string, account: string) => ({
      ...act(principal, 'sns:Publish', topic),
      context: { 'aws:SourceAccount': account },
    });
    await expectDenied(template, [
      alarm('cloudwatch.amazonaws.com', FOREIGN),
      alarm('s3.amazonaws.com', template.deployment.account),
      {
        ...act('cloudwatch.amazonaws.com', 'kms:GenerateDataKey', key().arn),
        context: { 'aws:SourceAccount': FOREIGN },
      },
      {
        ...act(`logs.${template.deployment.region}.amazonaws.com`, 'kms:Decrypt', key().arn),
        context: { 'kms:EncryptionContext:aws:logs:arn': log },
      },
      act('firehose.amazonaws.com', 'kms:Decrypt', key().arn),
    ]);
  });
});
