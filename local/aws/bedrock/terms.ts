/** Words that say nothing of what a text is about. */
const STOP_WORDS = new Set(
  'a an and are as at be by can do does for from has have how i if in into is it its me my no not of on or our so than that the their them then there these they this to was we what when where which who why will with would you your'.split(
    ' ',
  ),
);

/** What a text is found by: its words in lower case, without the plural's `s`, and without those that are everywhere. */
export function termsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .filter((word) => !STOP_WORDS.has(word))
    .map((word) => (/[^su]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word));
}
