import { consume } from '../../../lib/runtime/consumer';
import { parseOrderEvent } from '../runtime/order-events';

/** Records the confirmation that the customer is to get; a mailer of yours sends it from the table. */
export const handler = consume({
  parse: parseOrderEvent,
  decide: ({ order }) => ({
    effects: [
      {
        pk: `confirmation#${order.orderId}`,
        customerId: order.customerId,
        template: 'order-confirmed',
        totalCents: order.totalCents,
        currency: order.currency,
        status: 'TO_SEND',
      },
    ],
  }),
});
