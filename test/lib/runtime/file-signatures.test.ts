import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, isEncryptedOffice, isOfType, needsTail, TAIL_BYTES } from '../../../lib/runtime/file-signatures';
import { DOCUMENT_TYPES, type DocumentType } from '../../../patterns/genai-rag/contract';
import { UPLOAD_TYPES, type UploadType } from '../../../patterns/web-app/contract';

const WHOLE = { isWhole: true } as const;
const CUT = { isWhole: false } as const;

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
  it('is what begins as such a file does, and nothing else', async () => {
    const isText = (each: UploadType) => each.startsWith('text/');
    for (const [other, files] of Object.entries(FILES) as [UploadType, readonly Buffer[]][]) {
      const expected = other === type || (isText(other) && isText(type));
      for (const [index, file] of files.entries()) {
        expect(await isOfType(type, file, WHOLE), `${other} ${index}`).toBe(expected);
      }
    }
    expect(await isOfType(type, Buffer.from('MZ\x90\x00\x03', 'latin1'), WHOLE)).toBe(false);
    expect(await isOfType(type, Buffer.from('\x7fELF\x02\x01\x01\x00', 'latin1'), WHOLE)).toBe(false);
  });
});

it('takes no signature that is cut, or not at its place', async () => {
  for (const [type, files] of Object.entries(FILES) as [UploadType, readonly Buffer[]][]) {
    if (type.startsWith('text/')) continue;
    for (const file of files) {
      expect(await isOfType(type, file.subarray(0, 2), WHOLE), type).toBe(false);
      // Readers look for the header of a PDF behind other bytes.
      const moved = Buffer.concat([Buffer.from(' '), file]);
      expect(await isOfType(type, moved, WHOLE), type).toBe(type === 'application/pdf');
    }
  }
});

describe('a film', () => {
  const film = (brand: string) => Buffer.from(`\x00\x00\x00\x18ftyp${brand}\x00\x00\x00\x00`, 'latin1');

  it.each(['heic', 'heix', 'heim', 'heis', 'hevc', 'mif1', 'msf1', 'avif', 'avis', 'crx ', 'qt  '])(
    'is no %s',
    async (brand) => expect(await isOfType('video/mp4', film(brand), WHOLE)).toBe(false),
  );

  it.each(['isom', 'iso2', 'mp41', 'mp42', 'avc1', 'M4V ', 'M4A ', '3gp4', '3g2a', 'dash', 'MSNV', 'XAVC'])(
    'may be %s',
    async (brand) => expect(await isOfType('video/mp4', film(brand), WHOLE)).toBe(true),
  );
});

describe('a PDF', () => {
  const PDF = '%PDF-1.4\r%\xe2\xe3\xcf\xd3\r1 0 obj\r';
  const pdf = (before: string | Buffer) =>
    Buffer.concat([typeof before === 'string' ? Buffer.from(before, 'latin1') : before, Buffer.from(PDF, 'latin1')]);

  it.each<[string, string | Buffer]>([
    ['a byte order mark', '\xef\xbb\xbf'],
    ['line ends', '\r\n\r\n'],
    ['a mark and a line end', '\xef\xbb\xbf\n'],
    ["a server's headers", 'Content-Type: application/pdf\r\nContent-Length: 9120\r\n\r\n'],
    ["a printer's commands", '\x1b%-12345X@PJL JOB\r\n@PJL ENTER LANGUAGE=PDF\r\n'],
    ['a header of MacBinary', Buffer.alloc(128, 'report.pdf\0')],
    ['1,019 bytes', ' '.repeat(1019)],
  ])('may begin behind %s', async (_, before) => {
    expect(await isOfType('application/pdf', pdf(before), WHOLE)).toBe(true);
  });

  it.each<[string, string | Buffer]>([
    ['1,020 bytes', ' '.repeat(1020)],
    ['a program of Windows', 'MZ\x90\x00\x03\x00\x00\x00'],
    ['a line end and a program of Windows', '\nMZ\x90\x00'],
    ['a program of Linux', '\x7fELF\x02\x01\x01\x00'],
    ['a program of macOS', Buffer.from('cffaedfe0c000001', 'hex')],
    ['a page', '<html><script>alert(1)</script>'],
    ['a page behind a mark', '\xef\xbb\xbf<!DOCTYPE html>'],
    ['a page behind text', 'Hello\n<SCRIPT src=//evil.example>'],
    ['a page in UTF-16', Buffer.from('\ufeff<html>', 'utf16le')],
    ['a picture of markup', '<svg xmlns="http://www.w3.org/2000/svg" onload="x()">'],
    ['a comment of markup', '<!-- '],
    ['a program of PHP', '<?php system($_GET[0]); ?>'],
    ['a script', '#!/bin/sh\nrm -rf ~\n'],
    ['an archive', 'PK\x03\x04\x14\x00\x00\x00'],
    ['a picture', 'GIF89a\x01\x00\x01\x00'],
    ['a picture of another kind', '\xff\xd8\xff\xe0\x00\x10JFIF'],
  ])('does not begin behind %s', async (_, before) => {
    expect(await isOfType('application/pdf', pdf(before), WHOLE)).toBe(false);
  });
});

describe('a picture', () => {
  it.each([
    ['JFIF', 'ffd8ffe000104a464946', true],
    ['Exif', 'ffd8ffe1001845786966', true],
    ['raw', 'ffd8ffdb00430001', true],
    ['with a colour profile', 'ffd8ffe200104943435f', true],
    ['of Adobe', 'ffd8ffee000e41646f6265', true],
    ['lossless (JPEG-LS)', 'ffd8fff7000e0800', false],
    ['JPEG 2000', '0000000c6a5020200d0a870a', false],
    ['the name of the format', Buffer.from('JFIF').toString('hex'), false],
    ['nothing', '', false],
    ['a byte', 'ff', false],
  ])('JPEG: %s', async (_, bytes, expected) => {
    expect(await isOfType('image/jpeg', Buffer.from(bytes, 'hex'), WHOLE)).toBe(expected);
  });

  it.each([
    ['image/gif', 'GIF88a\x01\x00'],
    ['image/gif', 'GIFs are pictures'],
    ['image/webp', 'RIFF\x24\x00\x00\x00WAVEfmt '],
    ['image/webp', 'RIFF\x24\x00\x00\x00AVI LIST'],
    ['image/png', '\x89PNG\n\x1a\n'],
    ['image/png', 'MZ\x90\x00\x03\x00\x00\x00'],
    ['image/png', '<html><body onload="x()">'],
    ['image/png', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['application/zip', 'Rar!\x1a\x07\x00'],
    ['application/zip', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ] as const)('%s is not %s', async (type, content) => {
    expect(await isOfType(type, Buffer.from(content, 'latin1'), WHOLE)).toBe(false);
  });
});

describe('text', () => {
  const text = (content: string | Buffer) => (typeof content === 'string' ? Buffer.from(content) : content);

  it.each<[string, string | Buffer]>([
    ['a CSV file as Excel saves it', Buffer.from('Name;Gr\xf6\xdfe;Preis\r\nM\xfcller;12;5 \x80\r\n', 'latin1')],
    ['UTF-16 as Notepad saves it', Buffer.from('\ufeffName\tGröße\r\n', 'utf16le')],
    ['UTF-16 of the other order', Buffer.from('\ufeffName\tGröße\r\n', 'utf16le').swap16()],
    ['JSON with a mark', '\ufeff{"a":1}'],
    ['a page with a mark', '\ufeff<!doctype html><p>Grüße</p>'],
    ['Markdown', '# Title\n\n- one\f'],
    ['a list of BMW', 'BMW;Audi\r\n'],
    ['a list that begins with MZ', 'MZ-4711;Mainz'],
    ['a sentence on GIFs', 'GIFs are pictures'],
    ['a sentence on tags', 'ID3 tags'],
    ['solid words', 'solid ground'],
    ['XML', '<?xml version="1.0"?><a/>'],
    ['a calendar', 'BEGIN:VCALENDAR\r\n'],
    ['a script', '#!/bin/sh\n'],
    ['a sentence on PDF', 'A PDF begins with %PDF-1.7 and goes on.'],
    ['one character', 'a'],
  ])('may be %s', async (_, content) => {
    expect(await isOfType('text/plain', text(content), WHOLE)).toBe(true);
    expect(await isOfType('text/csv', text(content), WHOLE)).toBe(true);
  });

  it.each<[string, string | Buffer]>([
    ['a NUL', 'a\0b'],
    ['a control character', 'a\x01b'],
    ['an escape', 'a\x1b[2J'],
    ['a NUL in UTF-16', Buffer.from('\ufeffa\0b', 'utf16le')],
    ['half a character of UTF-16', Buffer.from('\ufeffa\ud800b', 'utf16le')],
    ['a byte too many for UTF-16', Buffer.concat([Buffer.from('\ufeffab', 'utf16le'), Buffer.from('c')])],
    ['UTF-16 without a mark', Buffer.from('Name', 'utf16le')],
    ['UTF-32', Buffer.from('fffe000061000000', 'hex')],
    ['a PDF', '%PDF-1.7 all of it is ASCII'],
    ['a PDF behind a mark and a line end', '\ufeff\r\n%PDF-1.7'],
    ['PostScript', '%!PS-Adobe-3.0\n'],
    ['rich text', '{\\rtf1\\ansi Hello}'],
    ['a picture', 'GIF89a,b'],
    ['the beginning of a picture', Buffer.from('ffd8ffe2', 'hex')],
    ['a program', Buffer.from('7f454c4602010100', 'hex')],
    ['an old document of Word', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
  ])('is not %s', async (_, content) => {
    expect(await isOfType('text/plain', text(content), WHOLE)).toBe(false);
  });

  it('may be cut within a character when there is more', async () => {
    const cut = Buffer.from(`${'a'.repeat(HEAD_BYTES - 1)}€`).subarray(0, HEAD_BYTES);
    expect(await isOfType('text/plain', cut, CUT)).toBe(true);
    const half = Buffer.from(`\ufeff${'a'.repeat(HEAD_BYTES / 2 - 2)}😀`, 'utf16le').subarray(0, HEAD_BYTES);
    expect([await isOfType('text/plain', half, CUT), await isOfType('text/plain', half, WHOLE)]).toEqual([true, false]);
  });
});

describe('office files', () => {
  const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const archive = (...names: string[]) =>
    Buffer.from(names.map((name) => `PK\x03\x04\x14\x00${name}`).join(''), 'latin1');
  const compound = (stream: string) =>
    Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), Buffer.from(stream, 'utf16le')]);

  it('are archives that hold what the format wants, in any order', async () => {
    const word = archive('[Content_Types].xml', 'word/document.xml');
    expect([await isOfType(DOCX, word, WHOLE), await isOfType(XLSX, word, WHOLE)]).toEqual([true, false]);
    const sheet = archive('xl/workbook.xml', '_rels/.rels', '[Content_Types].xml');
    expect([await isOfType(DOCX, sheet, WHOLE), await isOfType(XLSX, sheet, WHOLE)]).toEqual([false, true]);
    expect(await isOfType('application/zip', sheet, WHOLE)).toBe(true);
    expect(await isOfType(DOCX, archive('word/document.xml'), WHOLE)).toBe(false);
    expect(await isOfType(DOCX, archive('[Content_Types].xml'), WHOLE)).toBe(false);
    expect(await isOfType(DOCX, Buffer.from('[Content_Types].xml word/'), WHOLE)).toBe(false);
  });

  it('may name their entries at the end alone', async () => {
    const head = archive('_rels/.rels');
    const tail = Buffer.from('word/document.xml [Content_Types].xml PK\x05\x06');
    expect([await isOfType(DOCX, head, { isWhole: false, tail }), await isOfType(DOCX, head, CUT)]).toEqual([
      true,
      false,
    ]);
    const wanting = (Object.keys(DOCUMENT_TYPES) as DocumentType[]).filter(needsTail);
    expect(wanting).toEqual([DOCX, XLSX]);
  });

  it('may be protected by a password, which the file of an old program is not', async () => {
    expect([isEncryptedOffice(compound('EncryptedPackage')), isEncryptedOffice(compound('WordDocument'))]).toEqual([
      true,
      false,
    ]);
    expect(isEncryptedOffice(compound(''), compound('EncryptedPackage'))).toBe(true);
    expect(isEncryptedOffice(Buffer.from('EncryptedPackage', 'utf16le'))).toBe(false);
    expect(await isOfType(DOCX, compound('EncryptedPackage'), WHOLE)).toBe(false);
  });
});

it('takes a page and Markdown for text, and nothing that is no text', async () => {
  for (const type of ['text/html', 'text/markdown'] as const) {
    expect(await isOfType(type, Buffer.from('<!doctype html><p>Grüße</p>'), WHOLE)).toBe(true);
    expect(await isOfType(type, Buffer.from('%PDF-1.7'), WHOLE)).toBe(false);
    expect(await isOfType(type, Buffer.from('<p>\0</p>'), WHOLE)).toBe(false);
  }
});

it('looks at the first 16 KiB, and at the last 64', () => {
  expect([HEAD_BYTES, TAIL_BYTES]).toEqual([16_384, 65_536]);
});
