// @project memory
// @node24

import { randomUUID } from 'node:crypto';
import { GlueClient } from '@aws-sdk/client-glue';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';
import { timeoutsOf } from '../../../lib/runtime/client-timeouts-fixture';

let calls: { readonly name: string; readonly input: Record<string, unknown> }[];
let clients: Set<GlueClient | RedshiftDataClient>;
let answerOf: (name: string) => object;

beforeEach(() => {
  [calls, clients] = [[], new Set()];
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  for (const { prototype } of [GlueClient, RedshiftDataClient]) {
    vi.spyOn(prototype, 'send').mockImplementation(async function (
      this: GlueClient | RedshiftDataClient,
      command: { readonly input: Record<string, unknown> },
    ) {
      const { name } = command.constructor;
      clients.add(this);
      calls.push({ name, input: command.input });
      return answerOf(name);
    } as never);
  }
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function load<T>(handler: string): Promise<T> {
  const path = `../../../../patterns/data-pipeline/handlers/${handler}?${randomUUID()}`;
  return (await vi.importActual<{ handler: T }>(path)).handler;
}

/** A client takes five tries of 10 seconds. */
async function expectPatience() {
  for (const client of clients) {
    expect(await client.config.maxAttempts()).toBe(5);
    expect(await timeoutsOf(client)).toMatchObject({ requestTimeout: 10_000, socketTimeout: 10_000 });
  }
  expect(clients.size).toBe(1);
}

describe('the partitions', () => {
  it('are registered of each table, from its first day on', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 24) });
    vi.stubEnv('CATALOG_DATABASE', 'db');
    vi.stubEnv(
      'TABLES',
      JSON.stringify([
        { name: 'a', since: '2026-11-24' },
        { name: 'b', since: '2026-12-24' },
      ]),
    );
    answerOf = (name) => (name === 'GetTableCommand' ? { Table: { StorageDescriptor: { Location: 's3://x/' } } } : {});
    await (await load<() => Promise<void>>('register-partitions'))();
    const made = calls.filter(({ name }) => name === 'BatchCreatePartitionCommand');
    expect(
      made.map(({ input }) => [
        input['DatabaseName'],
        input['TableName'],
        (input['PartitionInputList'] as object[]).length,
      ]),
    ).toEqual([
      ['db', 'a', 31],
      ['db', 'b', 1],
    ]);
    await expectPatience();
  });
});

describe('the external schema', () => {
  const schema = {
    workgroup: 'group',
    database: 'warehouse',
    secret: 'admin',
    schema: 'clicks',
    catalogDatabase: 'lake',
    roleArn: 'arn',
  };
  let told: Record<string, unknown>[];
  beforeEach(() => {
    told = [];
    vi.spyOn(globalThis, 'fetch').mockImplementation((async (_: unknown, { body }: RequestInit) => {
      told.push(JSON.parse(String(body)) as Record<string, unknown>);
      return { ok: true };
    }) as never);
  });
  const ask = async (more: object) => {
    const event = { RequestId: 'r', LogicalResourceId: 'Schema', StackId: 's', ResponseURL: 'https://x', ...more };
    const handler = await load<(event: CloudFormationCustomResourceEvent) => Promise<void>>('create-external-schema');
    await handler({ ResourceProperties: schema, ...event } as unknown as CloudFormationCustomResourceEvent);
    return calls.flatMap(({ input }) => (typeof input['Sql'] === 'string' ? [input['Sql']] : []));
  };

  it('is made, and named after its place', async () => {
    answerOf = () => ({ Status: 'FINISHED' });
    expect(await ask({ RequestType: 'Create' })).toEqual([
      'DROP SCHEMA IF EXISTS clicks',
      "CREATE EXTERNAL SCHEMA clicks FROM DATA CATALOG DATABASE 'lake' IAM_ROLE 'arn'",
    ]);
    expect(told).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'group/warehouse/clicks' }]);
    await expectPatience();
  });

  it('is dropped, and its stack goes whatever Redshift says', async () => {
    const gone = { RequestType: 'Delete', PhysicalResourceId: 'group/warehouse/clicks' };
    answerOf = () => ({ Status: 'FINISHED' });
    expect(await ask(gone)).toEqual(['DROP SCHEMA IF EXISTS clicks']);
    answerOf = () => ({ Status: 'FAILED' });
    await ask(gone);
    expect(told.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS']);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});
