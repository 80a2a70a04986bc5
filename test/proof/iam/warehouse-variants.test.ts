import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/wire';
import { type PipelineVariant, recordPipeline, resolvedPipeline } from './data-pipeline-run';
import { Encryption } from './encryption';
import { expectAllowed, expectDenied, find, TABLE_KEY_REASONS, unusedGrants } from './harness';
import { type AccessRequest, Policies } from './policies';
import { trustRequests } from './trust-requests';
import { catalogPath } from './warehouse-requests';
import { recordWarehouse, usesOf, type WarehouseRecording } from './warehouse-run';

/** A handler that calls nobody; it is bundled and not run. */
const ENTRY = join(__dirname, '../../package/fresh-app/loyalty.ts');

/** What the pipeline's other handlers call is the same in every variant. */
let others: readonly RecordedCall[];

beforeAll(async () => {
  others = (await recordPipeline()).calls;
});

const roleIn = (template: ResolvedTemplate, part: string) => find(template, 'AWS::IAM::Role', part).arn;

async function expectExact(recording: WarehouseRecording, used: readonly AccessRequest[]): Promise<void> {
  const { template } = recording;
  await expectAllowed(template, [...used, ...trustRequests(template)]);
  expect(unusedGrants(template, used, TABLE_KEY_REASONS).unstated).toEqual([]);
}

/** What the roles of a warehouse are granted, one line for each action and resource. */
function grantsIn(template: ResolvedTemplate): Set<string> {
  const roles = template.ofType('AWS::IAM::Role').filter(({ logicalId }) => /^ClickstreamWarehouse/.test(logicalId));
  const names = new Map(roles.map(({ name, logicalId }) => [name, logicalId.replace(/[0-9A-F]{8}$/, '')]));
  const grants = new Policies(template, template.deployment.account).grants();
  return new Set(
    grants.flatMap(({ role, action, resources }) =>
      names.has(role) ? resources.map((resource) => `${names.get(role)} ${action} ${resource}`) : [],
    ),
  );
}

describe('a table that is added to a warehouse', () => {
  const adding =
    (table: string): PipelineVariant['extend'] =>
    (pipeline) => {
      pipeline.addTable(table, { entry: ENTRY, columns: [{ name: 'id', type: 'string' }] });
    };

  it('may be read, and its days registered, and nothing else', async () => {
    const before = await resolvedPipeline({ props: () => ({ warehouse: true }) });
    const recording = await recordWarehouse({ extend: adding('orders') });
    const { template } = recording;
    await expectExact(recording, usesOf(recording, others));

    const had = grantsIn(before);
    const { account, region } = template.deployment;
    const [{ name: database } = { name: '' }] = template.ofType('AWS::Glue::Database');
    const lake = find(template, 'AWS::S3::Bucket', 'Lake').arn;
    const orders = `arn:aws:glue:${region}:${account}:table/${database}/orders`;
    expect([...grantsIn(template)].filter((grant) => !had.has(grant)).sort()).toEqual([
      `ClickstreamWarehousePartitionsHandlerRole glue:BatchCreatePartition ${orders}`,
      `ClickstreamWarehousePartitionsHandlerRole glue:GetPartitions ${orders}`,
      `ClickstreamWarehousePartitionsHandlerRole glue:GetTable ${orders}`,
      `ClickstreamWarehouseRole s3:GetObject ${lake}/orders/*`,
    ]);
    expect([...had].filter((grant) => !grantsIn(template).has(grant))).toEqual([]);

    const read = { principal: roleIn(before, 'WarehouseRole'), action: 's3:GetObject' };
    const policyOf = find(before, 'AWS::S3::Bucket', 'Lake').logicalId;
    await expectDenied(before, [{ ...read, resource: `${lake}/orders/dt=2026-01-01/file.parquet`, policyOf }]);
  });

  it('is registered by its name alone, whatever that is', async () => {
    const recording = await recordWarehouse({ extend: adding('database') });
    const tables = recording.calls.flatMap(({ action, input }) =>
      action === 'BatchCreatePartition' ? [String(input['TableName'])] : [],
    );
    expect(new Set(tables)).toEqual(new Set(['events', 'database']));
    await expectExact(recording, usesOf(recording, others));
  });
});

describe('a warehouse over resources of the user', () => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
  const keys = { pattern: arn('kms', 'key/1'), lake: arn('kms', 'key/2') };
  const lake = 'arn:aws:s3:::theirs';

  const existing = (app: App) => {
    const theirs = new Stack(app, 'Theirs');
    return {
      encryptionKey: Key.fromKeyArn(theirs, 'Key', keys.pattern),
      lake: Bucket.fromBucketAttributes(theirs, 'Lake', {
        bucketArn: lake,
        encryptionKey: Key.fromKeyArn(theirs, 'LakeKey', keys.lake),
      }),
      databaseName: 'theirs',
      vpc: Vpc.fromVpcAttributes(theirs, 'Vpc', {
        vpcId: 'vpc-1',
        availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
        isolatedSubnetIds: ['subnet-1', 'subnet-2', 'subnet-3'],
        isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2', 'rtb-3'],
      }),
    };
  };

  it('reads their bucket with its key, by their database, and adds nothing to their network', async () => {
    const recording = await recordWarehouse({
      props: (app) => ({ existing: existing(app) }),
      extend: ({ dataKey }) => {
        const reason = "The key's policy is the user's.";
        Validations.of(dataKey).acknowledge({ id: 'Annotation::groundplan:kms-fanout-key-policy', reason });
      },
    });
    const { template } = recording;
    const encryption = new Encryption(template, { [lake]: keys.lake });
    // What a service does on its own, the policies of the user's resources have to allow.
    const used = usesOf(recording, others, encryption).filter(({ principal }) => principal.startsWith('arn:'));
    await expectExact(recording, used);
    expect(template.ofType('AWS::EC2::VPC')).toEqual([]);

    const spectrum = roleIn(template, 'WarehouseRole');
    const ofSpectrum = used.filter(({ principal }) => principal === spectrum);
    const usedKeys = ofSpectrum.flatMap(({ action, resource }) => (action.startsWith('kms:') ? [resource] : []));
    expect(new Set(usedKeys)).toEqual(new Set([keys.lake]));
    const tables = catalogPath('theirs', 'events').map((path) => arn('glue', path));
    expect(ofSpectrum.map(({ resource }) => resource)).toEqual(expect.arrayContaining(tables));
    await expectDenied(template, [
      { principal: spectrum, action: 'kms:Decrypt', resource: keys.pattern },
      { principal: spectrum, action: 's3:GetObject', resource: `${lake}/payments/any.csv` },
      { principal: spectrum, action: 'glue:GetTable', resource: arn('glue', 'table/others/events') },
    ]);
  });
});
