import { describe, expect, it } from 'vitest';
import {
  documentKey,
  incomingKey,
  incomingLocation,
  metadataKey,
  takenInLocation,
} from '../../../../patterns/genai-rag/runtime/document-location';

const ID = '0190abcd-0000-8000-8000-000000000001';
const OF_SAM = { tenant: 'u-22222222-2222-4222-8222-222222222222', id: ID };
const OF_ACME = { tenant: 't-acme', id: ID };

describe('keys', () => {
  it('are below the folder of their tenant', () => {
    expect(incomingKey(OF_ACME)).toBe(`uploads/t-acme/${ID}`);
    expect(documentKey(OF_ACME, 'text/markdown')).toBe(`documents/t-acme/${ID}.md`);
    expect(metadataKey('documents/a')).toBe('documents/a.metadata.json');
  });
});

describe('a file that came in', () => {
  it('belongs to the document that its key names', () => {
    for (const location of [OF_ACME, OF_SAM]) expect(incomingLocation(incomingKey(location))).toEqual(location);
  });

  it.each([
    `uploads/${ID}`,
    `uploads//${ID}`,
    `uploads/acme/${ID}`,
    `uploads/t-acme/x/${ID}`,
    `x/uploads/t-acme/${ID}`,
    `documents/t-acme/${ID}`,
    `uploads/t-acme/${ID}.txt`,
    `uploads/t-acme/${ID.slice(1)}`,
    'uploads/t-acme/0190abcd-0000-4000-8000-000000000001',
    'uploads/t-acme/0190abcd-0000-8000-7000-000000000001',
    `uploads/T-ACME/${ID}`,
    `uploads/t-${'a'.repeat(49)}/${ID}`,
  ])('is of no document as %s', (key) => {
    expect(incomingLocation(key)).toBeUndefined();
  });
});

describe('an object of the knowledge base', () => {
  it('is the document whose id it bears, and so is its metadata file', () => {
    const key = documentKey(OF_ACME, 'application/pdf');
    const location = { ...OF_ACME, key, uploaded: true };
    expect(takenInLocation(key)).toEqual(location);
    expect(takenInLocation(metadataKey(key))).toEqual(location);
  });

  it.each([
    `documents/t-acme/${ID}.exe`,
    `documents/t-acme/${ID}`,
    `documents/t-acme/x${ID}.txt`,
    `documents/t-acme/${ID}.txt.txt`,
    `documents/t-acme/folder/${ID}.txt`,
    'documents/t-acme/0190abcd-0000-4000-8000-000000000001.txt',
    'documents/t-acme/a\nb.txt',
    'documents/t-acme/a.metadata.json.txt',
  ])('is a document with an id of its own as %j', (key) => {
    const location = takenInLocation(key);
    expect(location).toMatchObject({ tenant: 't-acme', key, uploaded: false });
    expect(location?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(location?.id).not.toBe(ID);
    expect(takenInLocation(metadataKey(key))).toEqual(location);
    expect(takenInLocation(`${key}x`)?.id).not.toBe(location?.id);
  });

  it.each([
    'documents/a.txt',
    'documents/t-acme/',
    'documents/t-acme/folder/',
    'documents//a.txt',
    'documents/acme/a.txt',
    'documents/T-ACME/a.txt',
    'uploads/t-acme/a.txt',
    'documents',
    '012345678/t-acme/a.txt',
    'documents/t-acme/.metadata.json',
  ])('is of no tenant as %s', (key) => {
    expect(takenInLocation(key)).toBeUndefined();
  });
});
