import type { Limit } from '../limits/limit';

/** An answer of the HTTP API. */
export interface ApiAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer of API Gateway itself. */
export function message(statusCode: number, text: string): ApiAnswer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message: text }) };
}

/** Status and message of a limit whose error is written `431 Request Header Fields Too Large`. */
export function statusOf({ error = '', limit }: Limit): { readonly status: number; readonly text: string } {
  const [, status, text] = /^(\d{3}) (.+)$/.exec(error) ?? [];
  if (status === undefined || text === undefined) throw new Error(`The limit "${limit}" has no HTTP status: ${error}`);
  return { status: Number(status), text };
}

/** What API Gateway answers where a limit refuses a request. @param detail what follows the limit's own message */
export function refusalAnswer(limit: Limit, detail = ''): ApiAnswer {
  const { status, text } = statusOf(limit);
  return message(status, `${text}${detail}`);
}
