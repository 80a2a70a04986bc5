import type { FirstRequest } from '../../../lib/operations/try/first-request';

const ORDER = { currency: 'EUR', lines: [{ sku: 'book', quantity: 2, unitPriceCents: 1990 }] };

/** The first request to the shop: an order, and the order as it was stored. */
export const firstOrder: FirstRequest = {
  outputs: ['ApiUrl'],
  logs: /OrdersApi.*LogGroup/,
  run: async ({ outputs: { ApiUrl = '' }, ask, show, tell, newKey }) => {
    const orders = `${ApiUrl.replace(/\/$/, '')}/orders`;
    const placing = { method: 'POST', url: orders, headers: { 'idempotency-key': newKey() }, body: ORDER } as const;
    const placed = await ask(placing);
    show(placing, placed);
    const { orderId } = placed.json() as { readonly orderId: string };
    const reading = { method: 'GET', url: `${orders}/${orderId}` } as const;
    show(reading, await ask(reading));
    tell('\nBilling, inventory and notifications handle the order now, and a workflow ships it; the order stays.');
    return placing;
  },
};
