import type { AnswerEvents } from '../contract';

/** A server-sent event (WHATWG HTML, Server-sent events). JSON has no line breaks of its own. */
export function eventText<Name extends keyof AnswerEvents>(name: Name, data: AnswerEvents[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment: no event, but a byte for who waits for one. */
export const COMMENT = ':\n\n';
