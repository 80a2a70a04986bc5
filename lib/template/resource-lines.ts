import { isMap, LineCounter } from 'yaml';
import { isJson, yamlDocument } from './parse-template';

/** The line on which each resource of a template begins, by logical id, of JSON or YAML that was read before. The first line is 1. */
export function resourceLines(text: string): ReadonlyMap<string, number> {
  return isJson(text) ? linesOfJson(text) : linesOfYaml(text);
}

function linesOfYaml(text: string): ReadonlyMap<string, number> {
  const counter = new LineCounter();
  const resources = yamlDocument(text, counter).get('Resources', true);
  if (!isMap(resources)) return new Map();
  return new Map(
    resources.items.flatMap(({ key }) => {
      const { value, range } = (key ?? {}) as { readonly value?: unknown; readonly range?: readonly [number] };
      return range === undefined ? [] : [[String(value), counter.linePos(range[0]).line] as const];
    }),
  );
}

/** A text of JSON, an opening or closing of a map or list, or the end of a line. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]\n]/g;
/** What follows the name of a member. */
const NAME = /\s*:/y;

/** Without a parser that keeps places: a template of the CDK has a megabyte. */
function linesOfJson(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let [line, depth, isIn] = [1, 0, false];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '\n') line += 1;
    else if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 || (depth === 2 && isIn)) {
      NAME.lastIndex = index + token.length;
      if (!NAME.test(text)) continue;
      const name = String(JSON.parse(token));
      if (depth === 1) isIn = name === 'Resources';
      else lines.set(name, line);
    }
  }
  return lines;
}
