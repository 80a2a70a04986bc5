import fc from 'fast-check';
import { jsonText, nastyJson, nastyText } from './nasty';

/** Makes another text of a cursor. */
export type Tamper = (text: string) => string;

/** Ways to change a cursor that the API issued. */
export function tampering(): fc.Arbitrary<Tamper> {
  const inside = (change: (plain: string) => string): Tamper => {
    return (text) =>
      Buffer.from(change(Buffer.from(text, 'base64url').toString('latin1')), 'latin1').toString('base64url');
  };
  const member = (pick: number, value: unknown) =>
    inside((plain) => {
      try {
        const parsed = JSON.parse(plain) as Record<string, unknown>;
        const names = Object.keys(parsed);
        return jsonText({ ...parsed, [names[pick % Math.max(1, names.length)] ?? 'pk']: value });
      } catch {
        return plain.replace(/[^.\s]+/, () => String(value));
      }
    });
  return fc.oneof(
    fc.constant<Tamper>((text) => text),
    fc.nat(200).map<Tamper>((at) => (text) => text.slice(0, at % (text.length + 1))),
    fc.tuple(fc.nat(200), fc.constantFrom('A', '_', '-', '=', '%', '+', '/')).map<Tamper>(
      ([at, by]) =>
        (text) =>
          text.slice(0, at % (text.length + 1)) + by + text.slice((at % (text.length + 1)) + 1),
    ),
    fc.tuple(fc.nat(200), fc.nat(255)).map(([at, byte]) =>
      inside((plain) => {
        const place = at % (plain.length + 1);
        return plain.slice(0, place) + String.fromCharCode(byte) + plain.slice(place + 1);
      }),
    ),
    fc.tuple(fc.nat(4), nastyText).map(([pick, value]) => member(pick, value)),
    fc.tuple(fc.nat(4), nastyJson).map(([pick, value]) => member(pick, value)),
    fc.constantFrom('{}', 'null', '[]', '"x"', '{"pk":{}}').map((plain) => inside(() => plain)),
  );
}
