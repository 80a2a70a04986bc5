import { describe, expect, it } from 'vitest';
import { chunkMetadata, METADATA_BYTES, metadataFile } from '../../../../patterns/genai-rag/runtime/metadata-file';

const ROW = { tenant: 't-acme', id: 'd-1', name: 'Fares' };
const OURS = { tenant: 't-acme', documentId: 'd-1', name: 'Fares' };
const written = (metadataAttributes: object, rest: object = {}) => JSON.stringify({ ...rest, metadataAttributes });
const nameOf = (name: string) => chunkMetadata({ ...ROW, name })['name'];

describe('metadata of chunks', () => {
  it('names tenant, document and its name, as a person sees it', () => {
    expect(chunkMetadata({ ...ROW, name: 'F\u200bares' })).toEqual(OURS);
  });

  it('has up to 400 bytes of the name, in whole characters', () => {
    expect([nameOf('x'.repeat(400)), nameOf('x'.repeat(401))]).toEqual(['x'.repeat(400), 'x'.repeat(400)]);
    expect(nameOf('x'.repeat(399))).toBe('x'.repeat(399));
    expect(nameOf('€'.repeat(134))).toBe('€'.repeat(133));
    expect(nameOf(`${'x'.repeat(398)}🚂`)).toBe('x'.repeat(398));
    expect(nameOf(`${'x'.repeat(396)}🚂`)).toBe(`${'x'.repeat(396)}🚂`);
  });
});

describe('a metadata file', () => {
  it.each([
    undefined,
    '',
    '{',
    'null',
    '1',
    '[]',
    '{}',
    '{"metadataAttributes":null}',
    '{"metadataAttributes":[1]}',
    '{"metadataAttributes":"x"}',
  ])('is written anew in place of %j', (present) => {
    expect(metadataFile(ROW, present)).toBe(written(OURS));
  });

  it('stays when it says what it must, whatever else it says', () => {
    expect(metadataFile(ROW, written(OURS))).toBeUndefined();
    expect(metadataFile(ROW, written({ year: 2026, ...OURS }, { more: 1 }))).toBeUndefined();
  });

  it.each(Object.keys(OURS))('is mended when its %s is another, and keeps what is theirs', (name) => {
    const present = written({ year: 2026, ...OURS, [name]: 'another' }, { more: 1 });
    expect(metadataFile(ROW, present)).toBe(written({ year: 2026, ...OURS }, { more: 1 }));
  });

  it('has up to 10 KiB, and else only what it must say', () => {
    expect(METADATA_BYTES).toBe(10_240);
    const theirs = (length: number) => ({ note: 'ü'.repeat(length) });
    const least = Buffer.byteLength(written({ ...theirs(0), ...OURS }));
    const pad = (METADATA_BYTES - least) % 2 === 0 ? '' : 'x';
    const fits = { note: `${pad}${theirs(Math.floor((METADATA_BYTES - least) / 2)).note}` };
    const merged = written({ ...fits, ...OURS });
    expect(Buffer.byteLength(merged)).toBe(METADATA_BYTES);
    expect(metadataFile(ROW, written(fits))).toBe(merged);
    expect(metadataFile(ROW, written({ note: `${fits.note}x` }))).toBe(written(OURS));
  });
});
