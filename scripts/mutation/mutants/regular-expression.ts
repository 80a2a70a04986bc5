/** What a quantifier becomes. */
const QUANTIFIERS = new Map<string, readonly string[]>([
  ['*', ['+']],
  ['+', ['', '*']],
  ['?', ['']],
]);
const TOKEN =
  /\\[pPuxc](?:\{[^}]*\}|[0-9A-Fa-f]{2,4})?|\\k<\w+>|\\.|\[(?:\\.|[^\]\\])*\]|\(\?(?:[:=!]|<[=!]|<\w+>)|\{\d+(?:,\d*)?\}|[\s\S]/gu;
const CLASSES = ['\\d', '\\D', '\\w', '\\W', '\\s', '\\S'];

/** A regular expression with one piece changed or left out, each in turn. What is no regular expression is left out. */
export function mutatedPatterns(pattern: string, flags: string): readonly string[] {
  const tokens = pattern.match(TOKEN) ?? [];
  const mutated = tokens.flatMap((token, index) =>
    changesOf(token).map((change) => [...tokens.slice(0, index), change, ...tokens.slice(index + 1)].join('')),
  );
  const all = [...mutated, ...withoutAlternative(tokens)];
  return [...new Set(all)].filter((each) => each !== pattern && each !== '' && isValid(each, flags));
}

function changesOf(token: string): readonly string[] {
  if (token === '^' || token === '$' || token === '\\b') return [''];
  const quantified = QUANTIFIERS.get(token);
  if (quantified !== undefined) return quantified;
  if (CLASSES.includes(token)) return [swappedCase(token)];
  if (token.startsWith('[^')) return [`[${token.slice(2)}`];
  if (token.startsWith('[')) return [`[^${token.slice(1)}`];
  if (token === '(?=' || token === '(?<=') return [token.replace('=', '!')];
  if (token === '(?!' || token === '(?<!') return [token.replace('!', '=')];
  const counted = /^\{(\d+)(,?)(\d*)\}$/.exec(token);
  if (counted === null) return [];
  const [, least = '', comma = '', most = ''] = counted;
  return [
    `{${Number(least) + 1}${comma}${most}}`,
    ...(Number(least) > 0 ? [`{${Number(least) - 1}${comma}${most}}`] : []),
    ...(most === '' ? [] : [`{${least},${Number(most) + 1}}`, `{${least},${Number(most) - 1}}`]),
  ];
}

/** `\\d` for `\\D`, and the other way round. */
function swappedCase(token: string): string {
  return token === token.toLowerCase() ? token.toUpperCase() : token.toLowerCase();
}

/** Each alternative left out, where there are some. */
function withoutAlternative(tokens: readonly string[]): readonly string[] {
  return tokens.flatMap((token, index) => {
    if (token !== '|') return [];
    const [start, end] = [edge(tokens, index, -1), edge(tokens, index, 1)];
    const isFirst = !(tokens[start] === '|');
    const withoutAfter = [...tokens.slice(0, index), ...tokens.slice(end)].join('');
    const withoutBefore = [...tokens.slice(0, start + 1), ...tokens.slice(index + 1)].join('');
    return isFirst ? [withoutBefore, withoutAfter] : [withoutAfter];
  });
}

/** Where the alternative beside a bar ends: another bar, the parenthesis around it, or the end. */
function edge(tokens: readonly string[], bar: number, step: 1 | -1): number {
  let depth = 0;
  let index = bar + step;
  for (; index >= 0 && index < tokens.length; index += step) {
    const token = tokens[index] ?? '';
    const opens = token.startsWith('(');
    const closes = token === ')';
    if (depth === 0 && (token === '|' || (step === 1 ? closes : opens))) return index;
    depth += opens ? step : closes ? -step : 0;
  }
  return index;
}

function isValid(pattern: string, flags: string): boolean {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
}
