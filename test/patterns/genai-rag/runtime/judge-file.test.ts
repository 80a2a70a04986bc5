import { describe, expect, it } from 'vitest';
import { inUtf8, objectionTo } from '../../../../patterns/genai-rag/runtime/judge-file';

const text = (content: string, changed: object = {}) => {
  const head = Buffer.from(content);
  return { head, size: head.length, contentType: 'text/plain', etag: 'e', encoding: 'utf-8' as const, ...changed };
};
const pdf = (content: string, changed: object = {}) => {
  const { encoding: _, ...file } = text(content);
  return { ...file, contentType: 'application/pdf', ...changed };
};
const TEXT = { contentType: 'text/plain', size: 5 } as const;
const PDF = { contentType: 'application/pdf', size: 8 } as const;
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const ENCRYPTED = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]);

describe('a file', () => {
  it('that is what it says has nothing against it', async () => {
    expect(await objectionTo(TEXT, text('hello'))).toBeUndefined();
    expect(await objectionTo(PDF, pdf('%PDF-1.7'))).toBeUndefined();
  });

  it('of another size lies', async () => {
    const reason = 'The file has 4 bytes instead of the declared 5.';
    expect(await objectionTo(TEXT, text('hell'))).toEqual({ reason, lies: true });
    expect(await objectionTo(TEXT, text('hello!'))).toMatchObject({ lies: true });
  });

  it('of another type lies, whether it says so or not', async () => {
    const lie = (type: string) => ({
      reason: `The content of the file does not match the declared type ${type}.`,
      lies: true,
    });
    expect(await objectionTo(TEXT, text('hello', { contentType: 'text/html' }))).toEqual(lie('text/plain'));
    expect(await objectionTo({ ...TEXT, size: 8 }, text('%PDF-1.7'))).toEqual(lie('text/plain'));
    expect(await objectionTo(PDF, pdf('no PDF..'))).toEqual(lie('application/pdf'));
    expect(await objectionTo(PDF, pdf('no PDF..', { head: ENCRYPTED }))).toEqual(lie('application/pdf'));
    const office = { contentType: DOCX, size: 8 } as const;
    expect(await objectionTo(office, pdf('no docx.', { contentType: DOCX }))).toEqual(lie(DOCX));
  });

  it('with a password is honest, and not accepted', async () => {
    const office = { contentType: DOCX, size: ENCRYPTED.length } as const;
    const found = pdf('', { contentType: DOCX, head: ENCRYPTED, size: ENCRYPTED.length });
    const reason = 'The file is protected by a password. Save it as .docx without a password and upload it again.';
    expect(await objectionTo(office, found)).toEqual({ reason, lies: false });
  });

  it('in another encoding is accepted where it is known and whole', async () => {
    const whole = Buffer.from('hello');
    for (const encoding of ['windows-1252', 'utf-16le', 'utf-16be'])
      expect(await objectionTo(TEXT, text('hello', { encoding, whole }))).toBeUndefined();
    expect(await objectionTo(TEXT, text('hello', { encoding: 'unknown', whole }))).toMatchObject({
      reason: expect.stringMatching(/^The text is not in UTF-8, and its encoding is unknown/),
      lies: false,
    });
    expect(await objectionTo(TEXT, text('hello', { encoding: 'windows-1252' }))).toMatchObject({
      reason: expect.stringMatching(/^Text of more than 4 MiB must be in UTF-8/),
      lies: false,
    });
    expect(await objectionTo(TEXT, text('hello', { encoding: undefined }))).toMatchObject({ lies: true });
  });
});

describe('a text in UTF-8', () => {
  it('is made of one in another encoding alone', () => {
    const whole = Buffer.from('gr\xf6\xdfer', 'latin1');
    expect(inUtf8(text('', { encoding: 'windows-1252', whole }))).toBe('größer');
    expect(inUtf8(text('', { encoding: 'windows-1252' }))).toBeUndefined();
    for (const encoding of ['utf-8', 'unknown', undefined])
      expect(inUtf8(text('', { encoding, whole }))).toBeUndefined();
    expect(inUtf8(pdf('', { whole }))).toBeUndefined();
  });
});
