// @project unit
// @node24

import { GlueClient } from '@aws-sdk/client-glue';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../../local/aws/server';
import { AwsError, type LocalInput } from '../../../../local/aws/service';
import { ExternalSchemas } from '../../../../patterns/data-pipeline/runtime/external-schema';
import { DAYS_AHEAD, Partitions } from '../../../../patterns/data-pipeline/runtime/partitions';

let aws: LocalAws;
let calls: [string, LocalInput][] = [];
/** States that a statement goes through. */
let states: { Status: string; Error?: string }[] = [];
let partitions = new Map<string, LocalInput>();
/** Days that Glue refuses, and with what. */
let refused: Readonly<Record<string, string>> = {};
const clientOptions = () => ({
  endpoint: aws.endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** Redshift's Data API: a statement is under way for a while. */
function redshift(action: string, input: LocalInput): LocalInput {
  calls.push([action, input]);
  if (action === 'ExecuteStatement') return { Id: 'statement' };
  return { Id: 'statement', ...(states.length > 1 ? states.shift() : states[0]) };
}

const LOCATION = 's3://lake/events/';
const STORAGE = {
  Columns: [{ Name: 'a', Type: 'string' }],
  InputFormat: 'in',
  OutputFormat: 'out',
  Location: LOCATION,
};

/** Glue's catalog, two partitions a page. */
function glue(action: string, input: LocalInput): LocalInput {
  calls.push([action, input]);
  if (action === 'GetTable') {
    if (input['Name'] !== 'events') throw new AwsError('EntityNotFoundException', `no table ${String(input['Name'])}`);
    return { Table: { Name: 'events', StorageDescriptor: STORAGE } };
  }
  if (action === 'GetPartitions') {
    const from = Number(input['NextToken'] ?? 0);
    const all = [...partitions.keys()].map((day) => ({ Values: [day] }));
    const more = from + 2 < all.length ? { NextToken: String(from + 2) } : {};
    return { Partitions: all.slice(from, from + 2), ...more };
  }
  const list = input['PartitionInputList'] as { Values: [string]; StorageDescriptor: LocalInput }[];
  const errors = list.flatMap(({ Values, StorageDescriptor }) => {
    const [day] = Values;
    const ErrorCode = partitions.has(day) ? 'AlreadyExistsException' : refused[day];
    if (ErrorCode === undefined) partitions.set(day, StorageDescriptor);
    return ErrorCode === undefined ? [] : [{ PartitionValues: Values, ErrorDetail: { ErrorCode, ErrorMessage: 'no' } }];
  });
  return errors.length === 0 ? {} : { Errors: errors };
}

beforeAll(async () => {
  aws = await startLocalAws({ glue: { call: glue }, 'redshift-data': { call: redshift } });
});
beforeEach(() => {
  [calls, states, partitions, refused] = [[], [{ Status: 'FINISHED' }], new Map(), {}];
});
afterAll(() => aws.close());

describe('the external schema', () => {
  const schema = {
    workgroup: 'group',
    database: 'warehouse',
    secret: 'redshift!group-admin',
    schema: 'clickstream',
    catalogDatabase: "it's",
    roleArn: 'arn:aws:iam::111111111111:role/spectrum',
  };
  const schemas = () => new ExternalSchemas(new RedshiftDataClient(clientOptions()));
  const statements = () => calls.flatMap(([action, { Sql }]) => (action === 'ExecuteStatement' ? [Sql] : []));

  it("is made in the place of one of its name, by the administrator's secret, once each statement is done", async () => {
    states = [{ Status: 'PICKED' }, { Status: 'STARTED' }, { Status: 'FINISHED' }];
    await schemas().create(schema);
    expect(statements()).toEqual([
      'DROP SCHEMA IF EXISTS clickstream',
      "CREATE EXTERNAL SCHEMA clickstream FROM DATA CATALOG DATABASE 'it''s' IAM_ROLE 'arn:aws:iam::111111111111:role/spectrum'",
    ]);
    expect(calls.map(([action]) => action)).toEqual([
      'ExecuteStatement',
      ...Array(3).fill('DescribeStatement'),
      'ExecuteStatement',
      'DescribeStatement',
    ]);
    expect(calls[0]?.[1]).toMatchObject({
      WorkgroupName: 'group',
      Database: 'warehouse',
      SecretArn: 'redshift!group-admin',
    });
  });

  it('tells what Redshift says of a statement that fails', async () => {
    states = [{ Status: 'FAILED', Error: 'ERROR: Not authorized to get credentials of role' }];
    await expect(schemas().drop(schema)).rejects.toThrow(
      'DROP SCHEMA IF EXISTS clickstream: failed: ERROR: Not authorized to get credentials of role',
    );
  });

  it('takes no name that would need quotes', async () => {
    await expect(schemas().drop({ ...schema, schema: 'a; DROP TABLE b' })).rejects.toThrow('is no name of a schema');
    expect(calls).toEqual([]);
  });
});

describe('the partitions', () => {
  const NOW = Date.UTC(2026, 10, 23, 23, 59);
  const register = (since: string, now = NOW) =>
    new Partitions(new GlueClient(clientOptions()), 'db').register('events', since, now);
  const batches = () =>
    calls.flatMap(([action, { PartitionInputList: list }]) =>
      action === 'BatchCreatePartition' ? [(list as unknown[]).length] : [],
    );

  it('are there for each day since the first and for a month to come, where Firehose puts its files', async () => {
    expect(await register('2026-07-01')).toBe(146 + DAYS_AHEAD);
    expect(batches()).toEqual([100, 76]);
    expect([...partitions.keys()].slice(0, 2)).toEqual(['2026-07-01', '2026-07-02']);
    expect([...partitions.keys()].at(-1)).toBe('2026-12-23');
    expect(partitions.get('2026-11-23')).toEqual({ ...STORAGE, Location: `${LOCATION}dt=2026-11-23/` });
  });

  it('are made once: the next day one is missing, and at any other time none', async () => {
    await register('2026-11-01');
    calls = [];
    expect(await register('2026-11-01')).toBe(0);
    expect(batches()).toEqual([]);
    expect(await register('2026-11-01', NOW + 86_400_000)).toBe(1);
  });

  it('may be made by two at once, and a day that cannot be is an error', async () => {
    refused = { '2026-11-05': 'AlreadyExistsException' };
    await register('2026-11-01');
    refused = { '2026-10-31': 'InternalServiceException' };
    await expect(register('2026-10-31')).rejects.toThrow('events 2026-10-31: no');
  });

  it('need a table', async () => {
    const other = new Partitions(new GlueClient(clientOptions()), 'db').register('clicks', '2026-11-01', NOW);
    await expect(other).rejects.toThrow('no table clicks');
  });
});
