// @project unit

import { describe, expect, it } from 'vitest';
import { UPLOAD_TYPES } from '../../../../patterns/web-app/contract';
import { CompletedUpload, NewFile } from '../../../../patterns/web-app/runtime/attachment-request';

describe('a file to be attached', () => {
  const takes = (change: object) =>
    NewFile.safeParse({ name: 'a.png', contentType: 'image/png', size: 1, ...change }).success;

  it('has a name of 1 to 200 characters that can be kept', () => {
    expect([0, 1, 200, 201].map((length) => takes({ name: 'n'.repeat(length) }))).toEqual([false, true, true, false]);
    expect([takes({ name: '📚'.repeat(200) }), takes({ name: ' ' }), takes({ name: 'a\u0000' })]).toEqual([
      ...[true, false, false],
    ]);
  });

  it('has a byte or more, and no half one', () => {
    expect([-1, 0, 1, 2, 1.5, '1', Number.MAX_SAFE_INTEGER].map((size) => takes({ size }))).toEqual([
      ...[false, false, true, true, false, false, true],
    ]);
  });

  it('is of a type that may be uploaded', () => {
    expect(UPLOAD_TYPES.filter((contentType) => !takes({ contentType }))).toEqual([]);
    expect(['', 'image/svg+xml', 'text/html', 'IMAGE/PNG'].filter((contentType) => takes({ contentType }))).toEqual([]);
  });

  it('has nothing else', () => {
    expect(takes({ owner: 'eve' })).toBe(false);
  });
});

describe('an upload in parts that is complete', () => {
  const part = { number: 1, etag: '"abc"' };
  const takes = (parts: unknown) => CompletedUpload.safeParse({ parts }).success;
  const takesPart = (change: object) => takes([{ ...part, ...change }]);

  it('has 1 to 10,000 parts', () => {
    const parts = (count: number) => Array.from({ length: count }, () => part);
    expect([0, 1, 2, 10_000, 10_001].map((count) => takes(parts(count)))).toEqual([false, true, true, true, false]);
  });

  it('has parts of numbers 1 to 10,000', () => {
    expect([0, 1, 10_000, 10_001, 1.5, -1].map((number) => takesPart({ number }))).toEqual([
      ...[false, true, true, false, false, false],
    ]);
  });

  it.each(['a', '"a"', '!', '#', '~', 'x'.repeat(100), `"${'x'.repeat(100)}"`, '"a', 'a"'])(
    'has a part with the ETag %s',
    (etag) => expect(takesPart({ etag })).toBe(true),
  );

  it.each([
    '',
    '""',
    '"',
    'x'.repeat(101),
    `"${'x'.repeat(101)}"`,
    'a"b',
    '""a',
    'a b',
    ' a',
    'a ',
    'a\u007f',
    'a\n',
    'ä',
  ])('has no part with the ETag %j', (etag) => expect(takesPart({ etag })).toBe(false));

  it('has nothing else', () => {
    expect(takesPart({ size: 1 })).toBe(false);
    expect(CompletedUpload.safeParse({ parts: [part], uploadId: 'x' }).success).toBe(false);
  });
});
