import type { FirstRequest } from '../../../lib/operations/try/first-request';
import { API_PREFIX, type Item } from '../contract';

const ITEM = { title: 'First item', notes: 'Made by groundplan try.' };

/** The first request to the web app: an item, read back from the database, and deleted. */
export const firstItem: FirstRequest = {
  outputs: ['Url'],
  logs: /Api(Application|Service\w*)LogGroup/,
  run: async ({ outputs: { Url = '' }, ask, show, tell, say, keep, newKey, discard }) => {
    const items = `${Url}${API_PREFIX}/items`;
    const creating = { method: 'POST', url: items, headers: { 'idempotency-key': newKey() }, body: ITEM } as const;
    say('Asking; a database that was idle takes about 15 s to come back …');
    const created = await ask(creating);
    show(creating, created);
    const { id } = created.json() as Item;
    const reading = { method: 'GET', url: `${items}/${id}` } as const;
    try {
      show(reading, await ask(reading));
    } finally {
      await discard(reading.url);
    }
    tell(`\nThe item ${keep ? 'stays' : 'is deleted again'}. The site is at ${Url}`);
    return creating;
  },
};
