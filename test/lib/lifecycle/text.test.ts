import { describe, expect, it } from 'vitest';
import type { Finding, Weight } from '../../../lib/lifecycle/finding';
import { findingsAsJson, findingsAsText } from '../../../lib/lifecycle/text';
import { TemplateResource } from '../../../lib/template/template-resource';

const at = (logicalId: string, path?: string) =>
  new TemplateResource('Shop', logicalId, {
    Type: 'AWS::SQS::Queue',
    ...(path === undefined ? {} : { Metadata: { 'aws:cdk:path': path } }),
  });
const finding = (weight: Weight, more: Partial<Finding> = {}): Finding => ({
  check: 'not-empty',
  phase: 'delete',
  weight,
  resources: [at('Queue')],
  reason: 'It is full',
  fix: 'Empty it',
  source: 'AWS: SQS',
  ...more,
});
const fault = (more?: Partial<Finding>) => finding('fault', more);
const several = (count: number) => Array.from({ length: count }, (_, each) => at(`Queue${each + 1}`));

describe('findings for a person', () => {
  it('say where, what, how to fix it, and who says so', () => {
    expect(findingsAsText([fault({ resources: [at('Queue'), at('Topic', 'Shop/Facts/Topic')] })])).toBe(
      [
        '1 fault.',
        '',
        'FAULT  deletion: not-empty',
        '  Shop: Queue (AWS::SQS::Queue)',
        '  Shop/Facts/Topic (AWS::SQS::Queue)',
        '  It is full.',
        '  Fix: Empty it.',
        '  Source: AWS: SQS',
      ].join('\n'),
    );
  });

  it.each([
    [[], 'No fault.'],
    [['fault', 'fault'], '2 faults.'],
    [['fault', 'cannot-tell', 'notice'], '1 fault, 1 undecided, 1 notice.'],
    [['notice', 'notice', 'cannot-tell', 'cannot-tell'], 'No fault, 2 undecided, 2 notices.'],
  ] as const)('begin with how many there are: %j', (weights, head) => {
    expect(findingsAsText(weights.map((weight) => finding(weight))).split('\n')[0]).toBe(head);
  });

  it('tell weights and phases', () => {
    const heads = (['create', 'copy', 'update', 'delete'] as const).map((phase) =>
      findingsAsText([finding('cannot-tell', { phase })]),
    );
    expect(heads.map((text) => text.split('\n')[2])).toEqual([
      'CANNOT TELL  first deployment: not-empty',
      'CANNOT TELL  second copy: not-empty',
      'CANNOT TELL  update: not-empty',
      'CANNOT TELL  deletion: not-empty',
    ]);
    expect(findingsAsText([finding('notice')])).toContain('\nNOTICE  deletion: not-empty\n');
  });

  it.each([
    [5, 5, undefined],
    // One more line says no less than its name.
    [6, 6, undefined],
    [7, 5, '  and 2 more'],
    [100, 5, '  and 95 more'],
  ])('of %i resources list %i', (count, shown, more) => {
    const lines = findingsAsText([fault({ resources: several(count) })]).split('\n');
    expect(lines.filter((line) => line.includes('AWS::SQS::Queue'))).toHaveLength(shown);
    expect(lines.find((line) => line.startsWith('  and '))).toBe(more);
  });

  it('list none where there is none', () => {
    expect(findingsAsText([fault({ resources: [] })]).split('\n')[3]).toBe('  It is full.');
  });

  it('have lines of 120 characters, each as far in as what it goes on with', () => {
    const words = (length: number) => `${'word '.repeat(length / 5 - 1)}word`;
    const lines = (reason: string) =>
      findingsAsText([fault({ resources: [], reason, fix: words(200) })])
        .split('\n')
        .slice(3);
    // Two before it, and a full stop after it.
    expect(lines(`${'a'.repeat(58)} ${'b'.repeat(58)}`)[0]).toBe(`  ${'a'.repeat(58)} ${'b'.repeat(58)}.`);
    expect(lines(`${'a'.repeat(58)} ${'b'.repeat(59)}`).slice(0, 2)).toEqual([
      `  ${'a'.repeat(58)}`,
      `  ${'b'.repeat(59)}.`,
    ]);
    const [, first, second] = lines('short');
    expect(first).toMatch(/^ {2}Fix: word/);
    expect(second).toMatch(/^ {7}word/);
    expect(Math.max(...lines(words(500)).map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  it('leave a word whole that is longer than a line', () => {
    const path = 'x'.repeat(200);
    expect(findingsAsText([fault({ reason: `At ${path} now` })])).toContain(`  At\n  ${path}\n  now.`);
    expect(findingsAsText([fault({ reason: path })])).toContain(`)\n  ${path}.\n`);
  });
});

it('findings for a program have all resources, by their places', () => {
  const json = findingsAsJson([fault({ resources: several(7) })]);
  const [parsed] = JSON.parse(json) as { resources: unknown[] }[];
  expect(parsed).toEqual({
    ...fault(),
    resources: several(7).map(({ logicalId }) => ({
      stack: 'Shop',
      logicalId,
      path: logicalId,
      type: 'AWS::SQS::Queue',
    })),
  });
  expect(findingsAsJson([])).toBe('[]');
});
