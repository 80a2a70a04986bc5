import { consume } from '../../../lib/runtime/consumer';
import { factAbout, linesOf, parseOrderEvent } from '../runtime/order-events';

/** Reserves the stock of a new order and tells the other services. */
export const handler = consume({
  parse: parseOrderEvent,
  decide: async ({ order }) => {
    // A list, and a Map on the way: a customer's text is never a name that an object may have a meaning for.
    const quantities = new Map<string, number>();
    for (const { sku, quantity } of await linesOf(order)) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
    const reserved = [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
    return {
      effects: [{ pk: `reservation#${order.orderId}`, customerId: order.customerId, reserved, status: 'RESERVED' }],
      facts: [{ type: 'stock.reserved', detail: { ...factAbout('stock.reserved', order) } }],
    };
  },
});
