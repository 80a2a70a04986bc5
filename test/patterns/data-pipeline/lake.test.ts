// @project memory

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonDeserializer } from '../../../local/lake/json-deserializer';
import { parquetOf, rowOf } from '../../../local/lake/parquet';
import { openLake, type QueryEngine } from '../../../local/lake/query-engine';
import { type ClickstreamEvent, COLUMNS, GLUE_COLUMNS } from '../../../patterns/data-pipeline/clickstream-schema';
import { NAMED_QUERIES } from '../../../patterns/data-pipeline/named-queries';
import { transformRecords } from '../../../patterns/data-pipeline/runtime/transform';

const today = new Date().toISOString().slice(0, 10);
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
let folder: string;
let lake: QueryEngine;

function event(session: string, type: ClickstreamEvent['event_type'], page: string, day = today): ClickstreamEvent {
  return {
    event_id: `${session}-${type}-${page}`,
    event_type: type,
    occurred_at: `${day}T00:00:30Z`,
    session_id: session,
    page,
    ...(type === 'purchase' && { amount_cents: 4_200_000_000 }),
  };
}

/** What Firehose does with records: the transform, and then columns by the table's schema. */
function deliver(day: string, events: readonly ClickstreamEvent[]): void {
  const records = events.map((each, index) => ({
    recordId: String(index),
    approximateArrivalTimestamp: 0,
    data: Buffer.from(JSON.stringify(each)).toString('base64'),
  }));
  const rows = transformRecords(records, Date.now() + 60_000).map(({ result, data = '' }) => {
    expect(result).toBe('Ok');
    return JSON.parse(Buffer.from(data, 'base64').toString()) as Record<string, unknown>;
  });
  const columns = GLUE_COLUMNS.map(({ name, type }) => ({ Name: name, Type: type }));
  const partition = join(folder, `dt=${day}`);
  mkdirSync(partition, { recursive: true });
  writeFileSync(
    join(partition, 'part.parquet'),
    parquetOf(
      columns,
      rows.map((row) => rowOf(columns, row, jsonDeserializer({ OpenXJsonSerDe: {} }))),
    ),
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-lake-'));
  deliver(today, [
    event('a', 'page_view', '/'),
    event('a', 'add_to_cart', '/book'),
    event('a', 'purchase', '/checkout'),
    event('b', 'page_view', '/'),
    event('b', 'add_to_cart', '/pen'),
    event('c', 'page_view', '/about'),
  ]);
  deliver(daysAgo(30), [event('old', 'page_view', '/', daysAgo(30))]);
  lake = await openLake(folder);
});
afterAll(() => {
  lake.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A saved query, on the day on which the events were made, wherever and however late it runs. */
const named = (name: string) => lake.query((NAMED_QUERIES[name]?.sql ?? '').replace('{table}', 'events'), today);

describe('Parquet by the schema, read by an engine that is not ours', () => {
  it('has the columns and types of the lake', async () => {
    const described = await lake.query('DESCRIBE events');
    const types = { string: 'VARCHAR', bigint: 'BIGINT', timestamp: 'TIMESTAMP' };
    expect(described.map(({ column_name, column_type }) => [column_name, column_type])).toEqual([
      ...COLUMNS.map(({ name, type }) => [name, types[type]]),
      ['dt', 'VARCHAR'],
    ]);
  });

  it('gives back what was sent', async () => {
    const [row] = await lake.query("SELECT * FROM events WHERE event_type = 'purchase'");
    expect(row).toEqual({
      event_id: 'a-purchase-/checkout',
      event_type: 'purchase',
      occurred_at: `${today} 00:00:30`,
      session_id: 'a',
      user_id: null,
      page: '/checkout',
      referrer: null,
      amount_cents: '4200000000',
      dt: today,
    });
  });
});

describe('the saved queries', () => {
  it('EventsPerMinute counts each type', async () => {
    expect((await named('EventsPerMinute')).map(({ event_type, events }) => [event_type, events])).toEqual([
      ['add_to_cart', '2'],
      ['page_view', '3'],
      ['purchase', '1'],
    ]);
  });

  it('TopPages counts views and visits', async () => {
    expect(await named('TopPages')).toEqual([
      { page: '/', views: '2', sessions: '2' },
      { page: '/about', views: '1', sessions: '1' },
    ]);
  });

  it('PurchaseFunnel tells who saw, chose and bought', async () => {
    expect(await named('PurchaseFunnel')).toEqual([{ sessions: '3', chose: '2', bought: '1' }]);
  });

  it('HotKeys puts the busiest session first', async () => {
    const rows = await named('HotKeys');
    expect(rows.map(({ session_id, events }) => [session_id, events])).toEqual([
      ['a', '3'],
      ['b', '2'],
      ['c', '1'],
    ]);
    expect(rows[0]?.['percent']).toBe(50);
  });

  it('all say which days they look at', () => {
    for (const { sql } of Object.values(NAMED_QUERIES)) expect(sql).toMatch(/WHERE dt (>?=) date_format\(current_date/);
  });
});
