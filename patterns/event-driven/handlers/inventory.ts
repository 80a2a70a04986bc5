import { consume } from '../../../lib/runtime/consumer';
import { factAbout, linesOf, parseOrderEvent } from '../runtime/order-events';

/** Reserves the stock of a new order and tells the other services. */
export const handler = consume({
  parse: parseOrderEvent,
  decide: async ({ order }) => {
    const reserved: Record<string, number> = {};
    for (const { sku, quantity } of await linesOf(order)) reserved[sku] = (reserved[sku] ?? 0) + quantity;
    return {
      effects: [{ pk: `reservation#${order.orderId}`, customerId: order.customerId, reserved, status: 'RESERVED' }],
      facts: [{ type: 'stock.reserved', detail: { ...factAbout('stock.reserved', order) } }],
    };
  },
});
