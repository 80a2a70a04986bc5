import { isRecord } from '../aws/input';
import { Failure } from './failure';

/** The value that a template makes: {@link filledText}, read as JSON. */
export function fillTemplate(template: string, event: unknown): unknown {
  return JSON.parse(filledText(template, event));
}

/**
 * Fills an EventBridge Pipes input template: `<$.path>` stands for the value at the path. Inside quotes its text is
 * inserted, elsewhere its JSON (docs.aws.amazon.com/eventbridge: Pipes input transformation).
 *
 * @throws Failure for a path that leads nowhere: AWS would insert an empty text, which no target of ours can use
 */
export function filledText(template: string, event: unknown): string {
  let text = '';
  for (const { before, path, quoted } of partsOf(template)) {
    text += before;
    if (path === undefined) continue;
    const value = valueAt(event, path);
    if (value === undefined) throw new Failure(`${path} leads nowhere`);
    text += quoted && typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value);
  }
  return text;
}

/** A path of a template, and the text before it; the last has no path. */
interface Part {
  readonly before: string;
  readonly path?: string;
  readonly quoted?: boolean;
}

/** Templates as they were read once. */
const READ = new Map<string, readonly Part[]>();

function partsOf(template: string): readonly Part[] {
  const known = READ.get(template);
  if (known !== undefined) return known;
  const parts: Part[] = [];
  let [quoted, from] = [false, 0];
  for (const { 0: match, 1: path, index } of template.matchAll(/<(\$[^>]*)>|\\.|"/g)) {
    if (match === '"') quoted = !quoted;
    if (path === undefined) continue;
    parts.push({ before: template.slice(from, index), path, quoted });
    from = index + match.length;
  }
  parts.push({ before: template.slice(from) });
  READ.set(template, parts);
  return parts;
}

/** The value at a JSON path of names only, such as `$.detail.orderId`. */
export function valueAt(event: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined), event);
}
