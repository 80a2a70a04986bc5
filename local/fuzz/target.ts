import type fc from 'fast-check';
import type { ApiAnswer } from '../engine/api-integrations';
import type { LocalEngine, LocalEngineOptions } from '../engine/local-engine';
import type { FuzzRequest } from './request';
import type { Actor, Session } from './session';

/** A request that the API takes as it is. */
export interface ValidRequest {
  readonly request: Omit<FuzzRequest, 'body'>;
  /** Its body. @default - none */
  readonly json?: unknown;
  /** Statuses that it may be answered with. @default - those of its route */
  readonly expected?: readonly number[];
}

/** Makes a valid request of what a run has found out so far. */
export type Operation = (session: Session, actor: Actor) => ValidRequest;

/** What a route may answer. */
export interface DocumentedRoute {
  readonly method: string;
  /** Of the whole path as it is sent. */
  readonly path: RegExp;
  readonly statuses: readonly number[];
  /** Whether it takes no token. @default false */
  readonly isPublic?: boolean;
}

/** A pattern that runs, and takes requests. */
export interface FuzzPlace {
  readonly engine: LocalEngine;
  /** What stands in every request, such as the header that a distribution adds. */
  readonly headers: FuzzRequest['headers'];
  /** Those who send the requests of a run: two of one tenant, and one of another. */
  actors(run: string): readonly [Actor, ...Actor[]];
  /** Sends a request past everything but the API's own front. */
  send(request: FuzzRequest): Promise<ApiAnswer>;
  /** How much is in the stores that the API writes, by name: a refused request leaves it as it is. */
  footprint(session: Session): Readonly<Record<string, number>>;
  /** Takes note of what an answer says was kept. @returns what is wrong with it */
  observe(session: Session, actor: Actor, request: FuzzRequest, answer: ApiAnswer): readonly string[];
  /** Looks at the stores once all that a run began has ended. @returns what is wrong with them */
  settled(session: Session): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** A pattern as the fuzz stage knows it. */
export interface FuzzTarget {
  readonly operations: fc.Arbitrary<Operation>;
  readonly routes: readonly DocumentedRoute[];
  /** Runs the pattern, with empty stores. @param onLog hears what its functions log */
  open(seed: number, onLog: LocalEngineOptions['onLog']): Promise<FuzzPlace>;
  /** Ends what outlives a place. */
  close(): Promise<void>;
}

/** The documented route that a request comes to, by its path as it was sent or with its dots taken out. */
export function routeOf(
  routes: readonly DocumentedRoute[],
  { method, path }: FuzzRequest,
): DocumentedRoute | undefined {
  const paths = [path, withoutDots(path)];
  const called = method.toUpperCase();
  return routes.find((route) => route.method === called && paths.some((each) => route.path.test(each)));
}

function withoutDots(path: string): string {
  try {
    return new URL(`http://localhost${path}`).pathname;
  } catch {
    return path;
  }
}

/** A request without a body. */
export function bare(method: string, path: string, query: readonly string[] = []): ValidRequest['request'] {
  return { method, path, query, headers: [] };
}

/** A request with a body in JSON, and the key that makes its repeats the same request. */
export function keyed(method: string, path: string, key: string): ValidRequest['request'] {
  const headers = [
    ['idempotency-key', key],
    ['content-type', 'application/json'],
  ] as const;
  return { method, path, query: [], headers };
}
