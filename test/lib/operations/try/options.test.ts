import { describe, expect, it } from 'vitest';
import { readTryOptions } from '../../../../lib/operations/try/options';
import { words } from '../terminal-fixture';

describe('options of groundplan try', () => {
  it.each([
    ['EventDriven', { stack: 'EventDriven', keep: false }],
    ['EventDriven-my-branch --keep', { stack: 'EventDriven-my-branch', keep: true }],
    [
      'Shop --email a.b+c@example.com --region eu-west-1',
      { stack: 'Shop', email: 'a.b+c@example.com', region: 'eu-west-1' },
    ],
    [`A${'a'.repeat(127)}`, { stack: `A${'a'.repeat(127)}` }],
    ['arn:aws:cloudformation:eu-west-1:1:stack/Shop/1', { stack: 'arn:aws:cloudformation:eu-west-1:1:stack/Shop/1' }],
  ])('takes %s', (args, expected) => {
    expect(readTryOptions(words(args))).toMatchObject(expected);
  });

  it.each([
    ['', /^Pass one stack, such as: npx groundplan try EventDriven/],
    ['One Two', /^Pass one stack/],
    ['event_driven', /^event_driven is no name of a stack; allowed: letters, digits and hyphens/],
    ['1shop', /is no name of a stack/],
    [`A${'a'.repeat(128)}`, /is no name of a stack/],
    ['Shop --email nobody', /^--email is nobody; allowed: an e-mail address/],
    ["Shop --email a'b@example.com", /^--email is a'b@example\.com; allowed/],
    ['Shop --email a$b@example.com', /^--email is/],
    ['Shop --stage dev', /Unknown option '--stage'/],
    ['Shop --email', /argument missing/],
  ])('refuses %s in one line, with exit code 2', (args, message) => {
    const read = () => readTryOptions(words(args));
    expect(read).toThrow(expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }));
  });
});
