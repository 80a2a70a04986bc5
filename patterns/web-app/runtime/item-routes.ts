import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Hono } from 'hono';
import { metrics } from '../../../lib/runtime/observability';
import { API_PREFIX, type Item } from '../contract';
import type { ApplicationEnvironment } from './application-context';
import { ChangedItem, NewItem, pageRequestOf } from './item-request';
import type { ItemsRepository } from './items-repository';
import { expectedVersion, idempotencyKeyOf, identifierOf, notFound, onlyValueOf, parseBody } from './request-input';
import type { Uploads } from './uploads';

const ITEMS = `${API_PREFIX}/items`;

/** The routes of items. */
export function addItemRoutes(
  application: Hono<ApplicationEnvironment>,
  items: ItemsRepository,
  uploads: () => Promise<Uploads>,
): void {
  application.get(ITEMS, async (c) => {
    const request = pageRequestOf(onlyValueOf(c, 'limit'), onlyValueOf(c, 'cursor'));
    const isFresh = /\bno-cache\b/i.test(c.req.header('cache-control') ?? '');
    return c.json(await items.list(c.get('owner'), { ...request, isFresh }));
  });

  application.post(ITEMS, async (c) => {
    const { headers } = c.req.raw;
    const key = idempotencyKeyOf(headers);
    const text = parseBody(NewItem, headers, await c.req.text());
    const { item, created } = await items.create(c.get('owner'), key, text);
    if (created) metrics.addMetric('ItemsCreated', MetricUnit.Count, 1);
    return c.json(item, created ? 201 : 200, { location: `${ITEMS}/${item.id}`, ...etagOf(item) });
  });

  application.get(`${ITEMS}/:id`, async (c) => {
    const item = await items.find(c.get('owner'), identifierOf(c.req.param('id')));
    if (item === undefined) throw notFound();
    return c.json(item, 200, etagOf(item));
  });

  application.put(`${ITEMS}/:id`, async (c) => {
    const id = identifierOf(c.req.param('id'));
    const { headers } = c.req.raw;
    const text = parseBody(ChangedItem, headers, await c.req.text());
    const item = await items.update(c.get('owner'), id, expectedVersion(headers), text);
    return c.json(item, 200, etagOf(item));
  });

  application.delete(`${ITEMS}/:id`, async (c) => {
    const id = identifierOf(c.req.param('id'));
    await items.remove(c.get('owner'), id, async (keys) => (await uploads()).remove(keys));
    return c.body(null, 204);
  });
}

function etagOf({ version }: Item): { etag: string } {
  return { etag: `"${version}"` };
}
