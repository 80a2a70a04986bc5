import type { LocalInput } from '../service';
import type { WireAnswer } from '../wire';

/** Members as elements, in their order; those that are undefined are left out. */
export function elements(members: LocalInput): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10));
  });
}

/** Contents of the elements of a name, wherever they are. The SDK's documents nest no element in one of its own name. */
export function contentsOf(document: string, name: string): string[] {
  return [...document.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(
    ([, content = '']) => content,
  );
}

/** Text of the first element of a name. */
export function textOf(document: string, name: string): string | undefined {
  const [content] = contentsOf(document, name);
  return content === undefined ? undefined : unescaped(content);
}

/** An answer in XML. */
export function xmlAnswer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): WireAnswer {
  return { status, headers: { ...headers, 'content-type': 'application/xml' }, body };
}
