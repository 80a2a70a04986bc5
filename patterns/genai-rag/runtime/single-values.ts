import { Problem } from '../../../lib/runtime/problem';
import type { ApiEvent } from './question';

/** Each value of what came more than once, which a REST API hands over beside the last value of each. */
export type MultiValues = Readonly<Record<string, readonly string[] | undefined>> | null;

/** An event with all that was sent (docs.aws.amazon.com/apigateway: set-up-lambda-proxy-integrations, input format). */
export interface MultiValueEvent extends ApiEvent {
  readonly multiValueHeaders?: MultiValues;
  readonly multiValueQueryStringParameters?: MultiValues;
}

/** Headers that tell requests apart. */
const ONCE: ReadonlySet<string> = new Set(['idempotency-key', 'content-type']);

/**
 * Refuses a parameter, or a header that counts, which came more than once: of several values an event has the last one alone.
 *
 * @throws Problem 400, naming it
 */
export function requireSingleValues(event: MultiValueEvent): void {
  const { multiValueHeaders: headers, multiValueQueryStringParameters: query } = event;
  const counted = Object.entries(headers ?? {}).filter(([name]) => ONCE.has(name.toLowerCase()));
  for (const [name, values] of [...Object.entries(query ?? {}), ...counted]) {
    if ((values?.length ?? 0) <= 1) continue;
    const field = name.slice(0, 100);
    throw new Problem(400, 'repeated_value', `Send ${field} once.`, field);
  }
}
