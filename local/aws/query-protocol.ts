import type { AwsError, LocalInput } from './service';
import type { WireAnswer } from './wire';

type Node = { [key: string]: Node | string };

/** Reads a form of AWS's Query protocol: `A.member.1.B=x` becomes `{ A: [{ B: 'x' }] }`, `A.entry.1.key` a map. */
export function readQuery(form: string): { action: string; input: LocalInput } {
  const root: Node = {};
  for (const [name, value] of new URLSearchParams(form)) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let node = root;
    for (const step of path) {
      const next = node[step];
      const child: Node = typeof next === 'object' ? next : {};
      node[step] = child;
      node = child;
    }
    node[last] = value;
  }
  const { Action, Version: _, ...rest } = root;
  return { action: String(Action), input: Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, collapse(v)])) };
}

function collapse(node: Node | string): unknown {
  if (typeof node === 'string') return node;
  const { member, entry } = node;
  if (typeof member === 'object') return Object.values(member).map(collapse);
  if (typeof entry === 'object') {
    return Object.fromEntries(
      Object.values(entry).map((pair) => {
        const { Name, key, Value, value } = pair as Node;
        return [String(Name ?? key), collapse(Value ?? value ?? '')];
      }),
    );
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, collapse(value)]));
}

/** An answer in the XML of the Query protocol. */
export function queryAnswer(action: string, output: LocalInput): WireAnswer {
  const result = `<${action}Result>${xml(output)}</${action}Result>`;
  return document(
    200,
    `<${action}Response>${result}<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${action}Response>`,
  );
}

/** An error in the XML of the Query protocol. */
export function queryError(error: AwsError): WireAnswer {
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  return document(
    error.status,
    `<ErrorResponse><Error><Type>${fault}</Type><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>local</RequestId></ErrorResponse>`,
  );
}

function document(status: number, body: string): WireAnswer {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((member) => `<member>${xml(member)}</member>`).join('');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  return Object.entries(value)
    .filter(([, child]) => child !== undefined)
    .map(([key, child]) => `<${key}>${xml(child)}</${key}>`)
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character);
}
