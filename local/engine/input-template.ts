import { Failure } from './failure';

/**
 * Fills an EventBridge Pipes input template: `<$.path>` stands for the value at the path. Inside quotes its text is
 * inserted, elsewhere its JSON (docs.aws.amazon.com/eventbridge: Pipes input transformation).
 *
 * @throws Failure for a path that leads nowhere: AWS would insert an empty text, which no target of ours can use
 */
export function fillTemplate(template: string, event: unknown): unknown {
  let quoted = false;
  const text = template.replace(/<(\$[^>]*)>|\\.|"/g, (match, path: string | undefined) => {
    if (match === '"') quoted = !quoted;
    if (path === undefined) return match;
    const value = valueAt(event, path);
    if (value === undefined) throw new Failure(`${path} leads nowhere`);
    return quoted && typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value);
  });
  return JSON.parse(text);
}

/** The value at a JSON path of names only, such as `$.detail.orderId`. */
export function valueAt(event: unknown, path: string): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
}
