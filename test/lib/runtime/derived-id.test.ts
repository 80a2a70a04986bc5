import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { derivedId } from '../../../lib/runtime/derived-id';

const part = fc.oneof(fc.string(), fc.integer());
const requests = fc.array(part, { maxLength: 4 });

it('is a UUID of version 8: the hash of the request, but for version and variant', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const id = derivedId(...request);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const hash = createHash('sha256').update(JSON.stringify(request)).digest('hex');
      const [bare, kept] = [id.replaceAll('-', ''), (text: string) => `${text.slice(0, 12)} ${text.slice(13, 16)}`];
      expect(kept(bare)).toBe(kept(hash));
      expect(bare.slice(17)).toBe(hash.slice(17, 32));
      // Of the variant's digit the two lower bits are the hash's.
      expect(Number.parseInt(bare[16] ?? '', 16)).toBe(0x8 + (Number.parseInt(hash[16] ?? '', 16) % 4));
    }),
    { seed: 3, numRuns: 100 },
  );
});

it('is the same for the same request, and another for another', () => {
  expect(derivedId('a', 'b')).toBe(derivedId('a', 'b'));
  const others = [derivedId('a', 'b'), derivedId('ab'), derivedId('b', 'a'), derivedId('a', 'b', ''), derivedId('1')];
  expect(new Set([...others, derivedId(1)]).size).toBe(6);
});
