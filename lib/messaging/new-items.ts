import { TableKeys } from '../runtime/contract';

/**
 * What a reader of a table's stream lets through that publishes new items: an item that was put, and one that `groundplan
 * redrive` marked because the publishing of it failed for good. A dead letter of a stream holds the record's place and not the
 * record, and writing the same item again is no INSERT, so that without the mark there were no way back. Whoever handles
 * what is published must absorb a duplicate anyway (sqs-idempotent-consumer); later changes of an item are no event.
 */
export const NEW_ITEMS: readonly Readonly<Record<string, unknown>>[] = [
  { eventName: ['INSERT'] },
  { eventName: ['MODIFY'], dynamodb: { NewImage: { [TableKeys.redrivenAt]: { S: [{ exists: true }] } } } },
];
