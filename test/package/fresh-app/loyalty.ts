import { parseOrderEvent } from 'groundplan/event-driven/runtime';
import { consume } from 'groundplan/runtime';

/** One point for each full unit of currency. */
export const handler = consume({
  parse: parseOrderEvent,
  decide: ({ order }) => ({
    effects: [
      { pk: `points#${order.orderId}`, customerId: order.customerId, points: Math.floor(order.totalCents / 100) },
    ],
  }),
});
