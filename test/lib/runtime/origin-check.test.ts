import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { originCheck } from '../../../lib/runtime/origin-check';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const refused = expect.objectContaining({ status: 403, code: 'forbidden' });

it('lets through each value whose hash it knows, and no other', () => {
  const check = originCheck([hashOf('old'), hashOf('new')].join(','));
  expect(() => check('old')).not.toThrow();
  expect(() => check('new')).not.toThrow();
  for (const value of ['other', '', hashOf('old'), undefined, null]) expect(() => check(value)).toThrow(refused);
});

it('lets nobody through without hashes', () => {
  for (const value of ['', undefined]) expect(() => originCheck('')(value)).toThrow(refused);
});

it('takes a missing header for an empty one', () => {
  expect(() => originCheck(hashOf(''))(undefined)).not.toThrow();
});
