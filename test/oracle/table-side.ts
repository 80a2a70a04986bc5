import type { Answer, Json } from './aws-client';
import type { Comparison } from './comparison';
import type { MotoFixture, Pair } from './moto-fixture';

/** Sets have no order, so members are compared sorted. */
export function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      ['SS', 'NS', 'BS'].includes(name) && isTexts(member) ? [...member].sort() : ordered(member),
    ]),
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((member) => typeof member === 'string');
}

/** What is compared of an answer: everything but message texts. */
function outcome({ error, output }: Answer): unknown {
  // moto measures though nobody asked (`update-measured-unasked`, `transaction-measured-unasked`); ours never does.
  const { ConsumedCapacity: _, ItemCollectionMetrics: __, ...told } = output;
  if (error === undefined) return ordered(told);
  const { Item, CancellationReasons } = output;
  const reasons = CancellationReasons as Json[] | undefined;
  return ordered({ error, Item, reasons: reasons?.map((reason) => ({ Code: reason['Code'], Item: reason['Item'] })) });
}

/** Tables of both sides, driven by the same calls. */
export class TableSides {
  constructor(
    private readonly fixture: MotoFixture,
    private readonly comparison: Comparison,
  ) {}

  /** Calls an action on both sides; the answers must be the same. */
  async call(action: string, input: Json): Promise<Pair<Answer>> {
    const pair = await this.fixture.both('dynamodb', action, input);
    this.comparison.same(action, input, outcome(pair.ours), outcome(pair.moto));
    return pair;
  }

  /**
   * Reads a query page by page. A page that is exactly full ends with a key on AWS and here, though nothing follows;
   * moto ends there (`full-last-page`), which is met by a step of its own: here only our side reads on, and must find
   * nothing.
   */
  async query(input: Json): Promise<void> {
    let start: unknown;
    do {
      const full = { ...input, ...(start !== undefined && { ExclusiveStartKey: start }) };
      const { ours, moto } = await this.fixture.both('dynamodb', 'Query', full);
      const { LastEvaluatedKey: ourKey, ...ourPage } = ours.output;
      const { LastEvaluatedKey: motoKey, ...motoPage } = moto.output;
      const key = (page: Json, own: unknown) => (page['Count'] === input['Limit'] && motoKey === undefined ? {} : own);
      const [a, b] = [
        outcome({ ...ours, output: { ...ourPage, key: key(ourPage, ourKey) } }),
        outcome({ ...moto, output: { ...motoPage, key: key(motoPage, motoKey) } }),
      ];
      this.comparison.same('Query', full, a, b);
      if (motoKey === undefined && ourKey !== undefined) {
        const rest = await this.fixture.ours('dynamodb', 'Query', { ...full, ExclusiveStartKey: ourKey });
        this.comparison.same('Query after the last page', full, rest.output['Items'], []);
      }
      start = motoKey;
    } while (start !== undefined);
  }
}
