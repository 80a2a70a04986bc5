import { expect, it } from 'vitest';
import { EMAIL } from '../../../lib/validation/email';

it.each([
  ['ops@example.com', true],
  ['a@b.c', true],
  ['first.last+tag@mail.example.co.uk', true],
  ['ops@example', false],
  ['@example.com', false],
  ['ops@', false],
  ['ops@@example.com', false],
  ['two words@example.com', false],
  ['ops@example.com, dev@example.com', false],
  ['', false],
])('%j is an e-mail address: %s', (text, yes) => {
  expect(EMAIL.test(text)).toBe(yes);
});
