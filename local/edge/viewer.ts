import type { Readable } from 'node:stream';

/** What a browser sends to the edge. */
export interface ViewerRequest {
  readonly method: string;
  /** Path and query string as sent, for example `/api/items?limit=5`. */
  readonly url: string;
  /** @default 'https' */
  readonly scheme?: 'http' | 'https';
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** What the edge sends to an origin. */
export interface OriginRequest {
  readonly method: string;
  /** Name of the origin's host. */
  readonly host: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** An answer of an origin, or of the edge. */
export interface EdgeAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What comes after `body` while it is made: an event stream is passed on as it comes, never gathered. @default - nothing */
  readonly stream?: Readable;
}

/** An origin that is played by someone. */
export type FetchFromOrigin = (request: OriginRequest) => Promise<EdgeAnswer>;

/** How the edge came to its answer. */
export interface EdgeTrace {
  /** Path pattern of the behaviour, or `default`. */
  readonly behavior: string;
  /** Name of the managed policy. */
  readonly cachePolicy: string;
  /** Name of the managed policy. */
  readonly originRequestPolicy?: string;
  /** The path after the behaviour's function, if it has one. */
  readonly uriAfterFunction?: string;
  /** What went to the origin; undefined when the edge answered by itself. */
  readonly sent?: OriginRequest;
  /** Seconds that edges keep an error for; undefined for what they do not keep. */
  readonly errorSeconds?: number;
}

/** Headers of one connection alone, and those that CloudFront keeps for itself (AWS: HTTP request headers and CloudFront behavior). */
const NOT_PASSED_ON =
  /^(connection|expect|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|x-amz-cf-.*|x-edge-.*|x-real-ip)$/;

/** A viewer's headers without those that end at the edge. */
export function passedOn(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.test(name)));
}
