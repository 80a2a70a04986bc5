import { invalidCursor, positionOf } from '../../../lib/runtime/cursor';
import { Problem } from '../../../lib/runtime/problem';
import type { ApiEvent } from './question';

/** A page that is asked for. */
export interface PageRequest {
  readonly limit: number;
  /** The end of the sort key that the page before ended with. */
  readonly after?: string;
}

/**
 * Which part of a list is asked for.
 *
 * @param shape of the positions that the list gives out: nothing else becomes a part of a key
 * @throws Problem 400
 */
export function pageRequestOf(
  event: Pick<ApiEvent, 'queryStringParameters' | 'multiValueQueryStringParameters'>,
  shape: RegExp,
): PageRequest {
  const limit = onlyValueOf(event, 'limit') ?? '20';
  const cursor = onlyValueOf(event, 'cursor');
  if (!/^([1-9]\d?|100)$/.test(limit)) {
    throw new Problem(400, 'invalid_limit', 'limit is a whole number from 1 to 100.', 'limit');
  }
  if (cursor === undefined) return { limit: Number(limit) };
  const after = positionOf(cursor);
  if (!shape.test(after)) throw invalidCursor();
  return { limit: Number(limit), after };
}

/** Of a parameter that came twice `queryStringParameters` has the last value alone (docs.aws.amazon.com/apigateway: input format). */
function onlyValueOf(
  event: Pick<ApiEvent, 'queryStringParameters' | 'multiValueQueryStringParameters'>,
  name: string,
): string | undefined {
  if ((event.multiValueQueryStringParameters?.[name]?.length ?? 0) <= 1) return event.queryStringParameters?.[name];
  throw new Problem(400, `invalid_${name}`, `Send ${name} once.`, name);
}
