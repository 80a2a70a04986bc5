/** Commands to try the pattern's API with. */
export function eventDrivenExamples(url: string): readonly string[] {
  const order = { currency: 'EUR', lines: [{ sku: 'book', quantity: 2, unitPriceCents: 1990 }] };
  return [
    `curl -s ${url}/orders -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H 'idempotency-key: 1' -d '${JSON.stringify(order)}'`,
    `curl -s ${url}/orders -H "authorization: Bearer $TOKEN"`,
  ];
}
