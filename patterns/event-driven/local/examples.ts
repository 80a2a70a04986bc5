import type { TryoutPlace } from '../../../local/scenarios/tryout-place';

/** Commands to try the pattern's API with. */
export function eventDrivenExamples({ api }: TryoutPlace): readonly string[] {
  if (api === undefined) return [];
  const order = { currency: 'EUR', lines: [{ sku: 'book', quantity: 2, unitPriceCents: 1990 }] };
  const call = `curl -s ${api.url}/orders ${api.flags}`;
  return [`${call} -H 'content-type: application/json' -H 'idempotency-key: 1' -d '${JSON.stringify(order)}'`, call];
}
