import { GlueClient } from '@aws-sdk/client-glue';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ResolvedTemplate, type TemplateDocument } from '../../local/assembly/resolved-template';
import { type LocalAws, startLocalAws } from '../../local/aws/server';
import type { LocalInput } from '../../local/aws/service';
import { ExternalSchemas } from '../../patterns/data-pipeline/runtime/external-schema';
import { DAYS_AHEAD, Partitions } from '../../patterns/data-pipeline/runtime/partitions';
import { dataPipelineTemplate } from '../synthesize';
import { callerOf, type Json } from './aws-client';

/** Of this file alone: moto keeps regions apart. */
const REGION = 'sa-east-1';
const DATABASE = 'lake';
const NOW = Date.parse('2026-11-23T23:59:00Z');
const DAY_MS = 86_400_000;

const endpoint = process.env['MOTO_ENDPOINT'] ?? '';
const moto = callerOf(endpoint, REGION);
const options = { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const glue = new GlueClient(options);

/** Requests of the client of Glue. */
let sent: string[] = [];
/** What happens before a batch is sent. */
let meanwhile: () => Promise<unknown> = async () => {};
glue.middlewareStack.add(
  (next, { commandName }) =>
    async (args) => {
      sent.push(String(commandName));
      if (commandName === 'BatchCreatePartitionCommand') await meanwhile();
      return next(args);
    },
  { step: 'initialize', name: 'onlooker' },
);

async function arrange(service: 'glue' | 'redshift-data', action: string, input: Json): Promise<Json> {
  const { error, output } = await moto(service, action, input);
  if (error !== undefined) throw new Error(`moto refused ${action}: ${error} ${JSON.stringify(output)}`);
  return output;
}

/** The table of the pattern's template, and the folder that Firehose fills each day. */
const template = new ResolvedTemplate(dataPipelineTemplate().toJSON() as TemplateDocument, {
  account: '123456789012',
  region: REGION,
  stackName: 'DataPipeline',
});
const tableInput = template.ofType('AWS::Glue::Table')[0]?.properties['TableInput'] as Json;
const storage = tableInput['StorageDescriptor'] as Json;
const destination = template.ofType('AWS::KinesisFirehose::DeliveryStream')[0]?.properties[
  'ExtendedS3DestinationConfiguration'
] as Record<'BucketARN' | 'Prefix', string>;
const folderOf = (day: string) =>
  `s3://${destination.BucketARN.split(':::')[1]}/${destination.Prefix.replace('!{timestamp:yyyy-MM-dd}', day)}`;

const register = (table: string, since: string, now = NOW) =>
  new Partitions(glue, DATABASE).register(table, since, now);
async function partitionsOf(TableName: string, input: Json = {}): Promise<Json> {
  return arrange('glue', 'GetPartitions', { DatabaseName: DATABASE, TableName, ...input });
}
const daysOf = async (table: string) =>
  ((await partitionsOf(table))['Partitions'] as { Values: [string] }[]).map(({ Values: [day] }) => day);
/** A table like the pattern's, by another name. */
async function table(name: string): Promise<string> {
  await arrange('glue', 'CreateTable', { DatabaseName: DATABASE, TableInput: { ...tableInput, Name: name } });
  return name;
}

beforeAll(async () => {
  await arrange('glue', 'CreateDatabase', { DatabaseInput: { Name: DATABASE } });
});
beforeEach(() => {
  [sent, meanwhile] = [[], async () => {}];
});
afterAll(() => glue.destroy());

describe("the lake's days in moto's catalog", () => {
  it('are each registered once, with the columns of the table, where Firehose puts their files', async () => {
    const name = await table('events');
    expect(await register(name, '2026-07-01')).toBe(146 + DAYS_AHEAD);
    expect(sent).toEqual([
      'GetTableCommand',
      'GetPartitionsCommand',
      'BatchCreatePartitionCommand',
      'BatchCreatePartitionCommand',
    ]);
    const partitions = (await partitionsOf(name))['Partitions'] as Json[];
    const expected = Array.from({ length: 146 + DAYS_AHEAD }, (_, at) => {
      const day = new Date(Date.parse('2026-07-01') + at * DAY_MS).toISOString().slice(0, 10);
      return { day: [day], storage: { ...storage, Location: folderOf(day) } };
    });
    expect(partitions.map(({ Values, StorageDescriptor }) => ({ day: Values, storage: StorageDescriptor }))).toEqual(
      expected,
    );
    expect(storage['Columns']).not.toEqual([]);
  });

  it('are registered no second time, and the next day one more', async () => {
    const name = await table('again');
    await register(name, '2026-11-01');
    sent = [];
    expect(await register(name, '2026-11-01')).toBe(0);
    expect(sent).toEqual(['GetTableCommand', 'GetPartitionsCommand']);
    expect(await register(name, '2026-11-01', NOW + DAY_MS)).toBe(1);
    expect((await daysOf(name)).at(-1)).toBe('2026-12-24');
  });

  it('may be there already, of another run that wanted the same', async () => {
    const name = await table('twice');
    const PartitionInput = { Values: ['2026-11-05'], StorageDescriptor: { ...storage, Location: 's3://theirs/' } };
    meanwhile = () => arrange('glue', 'CreatePartition', { DatabaseName: DATABASE, TableName: name, PartitionInput });
    expect(await register(name, '2026-11-01')).toBe(23 + DAYS_AHEAD);
    const days = await daysOf(name);
    expect([days.length, new Set(days).size]).toEqual([23 + DAYS_AHEAD, 23 + DAYS_AHEAD]);
    const kept = { DatabaseName: DATABASE, TableName: name, PartitionValues: ['2026-11-05'] };
    expect((await arrange('glue', 'GetPartition', kept))['Partition']).toMatchObject(PartitionInput);
  });

  it('need a table', async () => {
    await expect(register('clicks', '2026-11-01')).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  // Glue API, GetPartitions and BatchCreatePartition. Should moto learn these, the tests above can show them.
  it('are told without pages and with their columns, and taken in any number: that is not shown here', async () => {
    const name = await table('less');
    const PartitionInputList = Array.from({ length: 101 }, (_, at) => ({
      Values: [`day-${at}`],
      StorageDescriptor: storage,
    }));
    const batch = { DatabaseName: DATABASE, TableName: name, PartitionInputList };
    expect(await arrange('glue', 'BatchCreatePartition', batch)).toEqual({});
    const { Partitions: all, NextToken } = await partitionsOf(name, { MaxResults: 1, ExcludeColumnSchema: true });
    expect([(all as Json[]).length, NextToken]).toEqual([101, undefined]);
    expect((all as Json[])[0]).toMatchObject({ StorageDescriptor: { Columns: storage['Columns'] } });
  });
});

describe("the external schema in moto's Redshift", () => {
  const schema = {
    workgroup: 'group',
    database: 'warehouse',
    secret: 'redshift!group-admin',
    schema: 'clickstream',
    catalogDatabase: "it's",
    roleArn: 'arn:aws:iam::123456789012:role/spectrum',
  };

  /** What becomes of a statement at the second look. */
  let end: (id: unknown, output: Json) => Promise<Json>;
  let ids: string[] = [];
  let looks = 0;
  let relay: LocalAws;
  let redshift: RedshiftDataClient;

  /** Hands on to moto, whose answers lack two things: its times are no numbers, which the SDK refuses, and nothing ends. */
  async function call(action: string, input: LocalInput): Promise<LocalInput> {
    const { CreatedAt, UpdatedAt: _, ...output } = await arrange('redshift-data', action, input);
    expect(CreatedAt).toEqual(expect.any(String));
    if (action === 'ExecuteStatement') {
      ids.push(String(output['Id']));
      looks = 0;
      return output;
    }
    expect(output['Status']).toBe(looks < 2 ? 'STARTED' : 'ABORTED');
    looks += 1;
    return looks < 2 ? output : end(output['Id'], output);
  }

  beforeAll(async () => {
    relay = await startLocalAws({ 'redshift-data': { call } });
    redshift = new RedshiftDataClient({ ...options, endpoint: relay.endpoint, maxAttempts: 1 });
  });
  beforeEach(() => {
    [ids, looks] = [[], 0];
  });
  afterAll(() => relay.close());

  it('is made by statements that it takes as they are', async () => {
    end = async (_, output) => ({ ...output, Status: 'FINISHED' });
    await new ExternalSchemas(redshift).create(schema);
    const told = await Promise.all(ids.map((Id) => arrange('redshift-data', 'DescribeStatement', { Id })));
    const role = `'${schema.roleArn}'`;
    expect(told.map(({ Database, SecretArn, QueryString }) => [Database, SecretArn, QueryString])).toEqual([
      [schema.database, schema.secret, 'DROP SCHEMA IF EXISTS clickstream'],
      [
        schema.database,
        schema.secret,
        `CREATE EXTERNAL SCHEMA clickstream FROM DATA CATALOG DATABASE 'it''s' IAM_ROLE ${role}`,
      ],
    ]);
  });

  it('is an error when somebody cancels its statement', async () => {
    end = async (Id, output) => {
      if (output['Status'] === 'STARTED') await arrange('redshift-data', 'CancelStatement', { Id });
      return output;
    };
    await expect(new ExternalSchemas(redshift).drop(schema)).rejects.toThrow(
      'DROP SCHEMA IF EXISTS clickstream: aborted',
    );
  });
});
