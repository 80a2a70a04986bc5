/** They choose how the character before them is drawn; scripts and emoji need them. */
const SELECTORS = '\\u180b-\\u180d\\u180f\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}';
/** They join or part the characters beside them; scripts and emoji need them. */
const JOINERS = '\\u200c\\u200d';

/**
 * Invisible characters that make text look like what it is not: controls, overrides of the direction, characters of no
 * width, Unicode tags, halves of characters. Unicode names them itself (www.unicode.org/reports/tr44, Default_Ignorable_Code_Point), so
 * that none is forgotten here.
 */
const UNSEEN = new RegExp(
  [
    '[\\p{Cc}\\p{Surrogate}\\p{Noncharacter_Code_Point}\\u2028\\u2029\\ufff9-\\ufffb]',
    `(?![${JOINERS}${SELECTORS}])\\p{Default_Ignorable_Code_Point}`,
  ].join('|'),
  'gu',
);
/** A second one in a row does nothing, and a row of them carries hidden text. */
const IDLE = new RegExp(`(?<=[${SELECTORS}])[${SELECTORS}]+|(?<=[${JOINERS}])[${JOINERS}]+`, 'gu');

/**
 * A text as a person sees it. The one hygiene of this pattern: every text that was written elsewhere goes through it where it comes
 * in (questions, names of documents), and again where it goes to a model or a knowledge base ({@link visibleRequest}), because what is
 * kept may be older than a rule.
 */
export function visible(text: string): string {
  return text
    .replace(UNSEEN, (character) => (character === '\n' || character === '\t' ? character : ''))
    .replace(IDLE, '');
}

/** A request whose texts, and the names in it, are as a person sees them, however deep they are. Everything else is as it was. */
export function visibleRequest<T>(request: T): T {
  return cleaned(request) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  // Members may have any name that a model or a person wrote, `__proto__` included: they are defined, never assigned.
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [visible(name), cleaned(each)]));
}
