/** What of an error of the SDK tells who is at fault; see `ServiceException` of `@smithy/smithy-client`. */
interface Fault {
  readonly name?: unknown;
  readonly $fault?: unknown;
}

/**
 * What becomes of a request that failed. `PASSES`: too much at once, AWS's own failures, the network. `DATA`: a record of it is at
 * fault, and without that one it would be taken. `STAYS`: every other try meets it, too, such as a missing permission (AWS: Kinesis
 * API, PutRecords and common errors).
 */
export type Fate = 'PASSES' | 'DATA' | 'STAYS';

/** What Kinesis answers to the content of a request: 400, and nothing of it is taken (AWS: Kinesis API, PutRecords, errors). */
const OF_DATA = /^(InvalidArgument|Serialization|Validation)(Exception)?$/;
/** 400s that pass. */
const OF_RATE = /Throttl|ThroughputExceeded|LimitExceeded|RequestTimeout/;

/** Tells what becomes of a request that failed; the client's own tries have failed by then. */
export function fateOf(error: unknown): Fate {
  const { name, $fault } = (error ?? {}) as Fault;
  const code = typeof name === 'string' ? name : '';
  // Without credentials nothing is sent.
  if ($fault === undefined) return /Provider/.test(code) ? 'STAYS' : 'PASSES';
  if ($fault === 'server' || OF_RATE.test(code)) return 'PASSES';
  return OF_DATA.test(code) ? 'DATA' : 'STAYS';
}
