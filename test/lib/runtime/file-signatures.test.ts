import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, isOfType, needsTail } from '../../../lib/runtime/file-signatures';
import { DOCUMENT_TYPES, type DocumentType } from '../../../patterns/genai-rag/contract';
import { UPLOAD_TYPES, type UploadType } from '../../../patterns/web-app/contract';

/** Beginnings of real files, by what they are. */
export const FILES: Readonly<Record<UploadType, readonly Buffer[]>> = {
  'image/png': [Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  'image/jpeg': [Buffer.from('ffd8ffe000104a46494600010100', 'hex'), Buffer.from('ffd8ffe1001845786966', 'hex')],
  'image/gif': [Buffer.from('GIF87a\x01\x00\x01\x00', 'latin1'), Buffer.from('GIF89a\x01\x00\x01\x00', 'latin1')],
  'image/webp': [Buffer.from('RIFF\x24\x00\x00\x00WEBPVP8 ', 'latin1')],
  'application/pdf': [
    Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'),
    Buffer.from('%PDF-1.4\nall of it is ASCII'),
  ],
  'application/zip': [Buffer.from('504b030414000000', 'hex'), Buffer.from('504b0506000000000000', 'hex')],
  'video/mp4': [
    Buffer.from('\x00\x00\x00\x20ftypisom\x00\x00\x02\x00', 'latin1'),
    Buffer.from('\x00\x00\x00\x1cftypmp42', 'latin1'),
  ],
  'text/plain': [Buffer.from('Grüße aus Köln €'), Buffer.from('\ufeffwith a mark of byte order')],
  'text/csv': [Buffer.from('name,größe\r\n"a",1\r\n')],
};

describe.each(UPLOAD_TYPES)('%s', (type) => {
  it('is what begins as such a file does, and nothing else', () => {
    const isText = (each: UploadType) => each.startsWith('text/');
    for (const [other, files] of Object.entries(FILES) as [UploadType, readonly Buffer[]][]) {
      const expected = other === type || (isText(other) && isText(type));
      for (const [index, file] of files.entries()) {
        expect(isOfType(type, file, true), `${other} ${index}`).toBe(expected);
      }
    }
    expect(isOfType(type, Buffer.from('MZ\x90\x00\x03', 'latin1'), true)).toBe(false);
    expect(isOfType(type, Buffer.from('\x7fELF\x02\x01\x01\x00', 'latin1'), true)).toBe(false);
  });
});

it('takes no signature that is cut, or not at its place', () => {
  for (const [type, files] of Object.entries(FILES) as [UploadType, readonly Buffer[]][]) {
    if (type.startsWith('text/')) continue;
    for (const file of files) {
      expect(isOfType(type, file.subarray(0, 2), true), type).toBe(false);
      expect(isOfType(type, Buffer.concat([Buffer.from(' '), file]), true), type).toBe(false);
    }
  }
});

it.each(['heic', 'avif', 'qt  '])('takes no %s for an MP4', (brand) => {
  expect(isOfType('video/mp4', Buffer.from(`\x00\x00\x00\x18ftyp${brand}\x00\x00\x00\x00`, 'latin1'), true)).toBe(
    false,
  );
});

describe('text', () => {
  const cut = Buffer.from(`${'a'.repeat(HEAD_BYTES - 1)}€`).subarray(0, HEAD_BYTES);

  it('may be cut within a character when there is more, and not else', () => {
    expect([isOfType('text/plain', cut, false), isOfType('text/plain', cut, true)]).toEqual([true, false]);
  });

  it('holds no NUL and is UTF-8', () => {
    expect(isOfType('text/plain', Buffer.from('a\0b'), true)).toBe(false);
    expect(isOfType('text/plain', Buffer.from('Gr\xfc\xdfe', 'latin1'), true)).toBe(false);
    expect(isOfType('text/csv', Buffer.from('\ufeffname'.split('').join('\0'), 'utf16le'), true)).toBe(false);
    expect(isOfType('text/plain', Buffer.from('a\xffb', 'latin1'), false)).toBe(false);
  });
});

describe('office files', () => {
  const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const archive = (...names: string[]) =>
    Buffer.from(names.map((name) => `PK\x03\x04\x14\x00${name}`).join(''), 'latin1');

  it('are archives that hold what the format wants', () => {
    const word = archive('[Content_Types].xml', 'word/document.xml');
    expect([isOfType(DOCX, word, true), isOfType(XLSX, word, true)]).toEqual([true, false]);
    const sheet = archive('[Content_Types].xml', 'xl/workbook.xml');
    expect([isOfType(DOCX, sheet, true), isOfType(XLSX, sheet, true)]).toEqual([false, true]);
    expect(isOfType(DOCX, archive('word/document.xml'), true)).toBe(false);
    expect(isOfType(DOCX, archive('[Content_Types].xml'), true)).toBe(false);
    expect(isOfType(DOCX, Buffer.from('[Content_Types].xml word/'), true)).toBe(false);
  });

  it('may name their entries at the end alone', () => {
    const head = archive('_rels/.rels');
    const tail = Buffer.from('word/document.xml [Content_Types].xml PK\x05\x06');
    expect([isOfType(DOCX, head, false, tail), isOfType(DOCX, head, false)]).toEqual([true, false]);
    const wanting = (Object.keys(DOCUMENT_TYPES) as DocumentType[]).filter(needsTail);
    expect(wanting).toEqual([DOCX, XLSX]);
  });
});

it('takes a page and Markdown for text, and nothing that is no text', () => {
  for (const type of ['text/html', 'text/markdown'] as const) {
    expect(isOfType(type, Buffer.from('<!doctype html><p>Grüße</p>'), true)).toBe(true);
    expect(isOfType(type, Buffer.from('%PDF-1.7'), true)).toBe(false);
    expect(isOfType(type, Buffer.from('<p>\0</p>'), true)).toBe(false);
  }
});
