import * as z from 'zod/mini';

/**
 * What XML 1.0 calls no character (w3.org/TR/xml, Char): controls but the tab and the line ends, U+FFFE, U+FFFF and halves of
 * characters. SQS takes no message with one of them (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html),
 * and PostgreSQL no NUL.
 */
const NO_CHARACTER = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Whether every store, queue and topic takes a text. */
export function isXmlText(text: string): boolean {
  return !NO_CHARACTER.test(text);
}

/** Checks a text that people wrote, before anything is done with it: {@link isXmlText}. */
export const xmlText = () =>
  z.refine<string>(isXmlText, { error: 'has a character that cannot be kept: a control character, or none at all' });
