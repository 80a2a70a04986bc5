import { consume } from '../../../lib/runtime/consumer';
import { FRAUD_CHECK_ABOVE_CENTS } from '../contract';
import { parseFactEvent } from '../runtime/order-events';

/** Payments this many times over the threshold are looked at by a person. */
const REVIEW_FACTOR = 10;

/** Opens a case for each large payment that the bus routes here. */
export const handler = consume({
  parse: parseFactEvent,
  decide: (payment) => ({
    effects: [
      {
        pk: `case#${payment.orderId}`,
        customerId: payment.customerId,
        totalCents: payment.totalCents,
        currency: payment.currency,
        status: payment.totalCents > FRAUD_CHECK_ABOVE_CENTS * REVIEW_FACTOR ? 'REVIEW' : 'APPROVED',
      },
    ],
  }),
});
