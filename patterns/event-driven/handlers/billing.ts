import { consume } from '../../../lib/runtime/consumer';
import { factAbout, parseOrderEvent } from '../runtime/order-events';

/** Captures the payment of a new order and tells the other services. */
export const handler = consume({
  parse: parseOrderEvent,
  decide: ({ order }) => ({
    effects: [
      {
        pk: `payment#${order.orderId}`,
        customerId: order.customerId,
        totalCents: order.totalCents,
        currency: order.currency,
        status: 'CAPTURED',
      },
    ],
    facts: [{ type: 'payment.captured', detail: { ...factAbout('payment.captured', order) } }],
  }),
});
