/** How long a call of a service may take. */
export interface CallTimeouts {
  /** Milliseconds until there is a connection. A region's own services connect within some. @default 1000 */
  readonly connectMs?: number;
  /**
   * Milliseconds of one try, from its request to the head of its answer. Times the tries of the client, it has to fit the timeout of the
   * function. @default - no bound: for a stream that its caller ends
   */
  readonly answerMs?: number;
  /** Milliseconds without a byte, after which a connection counts as dead. @default - as {@link answerMs} */
  readonly idleMs?: number;
}

/** What the SDK's handler of HTTP/1.1 is told, a client's `requestHandler` or the argument of `NodeHttpHandler`. */
export interface RequestHandlerOptions {
  readonly connectionTimeout: number;
  readonly requestTimeout?: number;
  readonly throwOnRequestTimeout: true;
  readonly socketTimeout?: number;
}

/**
 * Time limits of a client: every client of the handlers is made with them, since the SDK has none of its own that ends a call within a
 * function's timeout (docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-http.html). A try that takes too long
 * fails by `TimeoutError`, which the SDK's retries count as passing. Without `throwOnRequestTimeout` it would only log a warning; that
 * timeout is over once the head of an answer is there, so a body that stops is ended by the idle one.
 *
 * Only options: the handler itself is the one that each client of the SDK brings along, so that no bundle grows.
 */
export function callTimeouts({
  connectMs = 1000,
  answerMs,
  idleMs = answerMs,
}: CallTimeouts = {}): RequestHandlerOptions {
  return {
    connectionTimeout: connectMs,
    throwOnRequestTimeout: true,
    ...(answerMs !== undefined && { requestTimeout: answerMs }),
    ...(idleMs !== undefined && { socketTimeout: idleMs }),
  };
}
