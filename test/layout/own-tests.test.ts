import { describe, expect, it } from 'vitest';
import { faultsOf, sourcesIn, sourcesWithoutATest } from './own-tests';

const CODE = 'export const code = 1;';
const treeOf = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files));

/** A source, and one that it imports. */
const SOURCES = {
  'lib/compute/task.ts': "import { size } from './size';\nexport const task = size;",
  'lib/compute/size.ts': 'export const size = 1;',
};
const TASK_TEST = { 'test/lib/compute/task.test.ts': "import { task } from '../../../lib/compute/task';" };
const GAP = { why: 'part of the task', test: 'test/lib/compute/task.test.ts', sources: ['lib/compute/size.ts'] };

describe('a source', () => {
  it('has code of its own', () => {
    const tree = treeOf({
      'lib/a.ts': CODE,
      'lib/index.ts': CODE,
      'lib/types.ts': "/** What a is. */\nimport type { B } from './b';\nexport interface A {\n  readonly b: B;\n}\n",
      'lib/statement.ts': "import { a } from './a';\n\nvoid a;\n",
      'patterns/shop/contract.ts': CODE,
      'patterns/shop/pattern.ts': CODE,
      'lib/catalogue/rows/sqs.ts': CODE,
      'test/fixtures/a.ts': CODE,
      'scripts/a.mjs': CODE,
    });
    expect(sourcesIn(tree)).toEqual(['lib/a.ts', 'lib/statement.ts']);
  });
});

describe('a test of its own', () => {
  const without = (files: Readonly<Record<string, string>>) =>
    sourcesWithoutATest(treeOf({ 'lib/a/cache.ts': CODE, ...files }));

  it.each([
    ['has the name of the source', { 'test/lib/a/cache.test.ts': '' }],
    ['has it with a topic', { 'test/lib/a/cache-in-trouble.test.ts': '' }],
    ['imports the source', { 'test/lib/a/values.test.ts': "import { code } from '../../../lib/a/cache';" }],
    ['imports it from below', { 'test/lib/a/b/values.test.ts': "import { code } from '../../../../lib/a/cache';" }],
  ])('%s', (_what, files) => {
    expect(without(files)).toEqual([]);
  });

  it.each([
    ['is none', {}],
    ['is elsewhere', { 'test/lib/b/cache.test.ts': "import { code } from '../../../lib/a/cache';" }],
    ['is above', { 'test/lib/values.test.ts': "import { code } from '../../lib/a/cache';" }],
    ['begins with the name', { 'test/lib/a/caches.test.ts': '' }],
    ['takes types alone', { 'test/lib/a/values.test.ts': "import type { Code } from '../../../lib/a/cache';" }],
    ['is a fixture', { 'test/lib/a/cache-fixture.ts': "import { code } from '../../../lib/a/cache';" }],
  ])('is missing when what there is %s', (_what, files) => {
    expect(without(files)).toEqual(['lib/a/cache.ts']);
  });

  it('is of the source with the longest name', () => {
    const files = { 'lib/a/cache-link.ts': CODE, 'test/lib/a/cache-link-lost.test.ts': '' };
    expect(without(files)).toEqual(['lib/a/cache.ts']);
  });

  it('is, of a lazy source, named without that', () => {
    const files = { 'lib/a/put.lazy.ts': CODE, 'test/lib/a/put.test.ts': '', 'test/lib/a/cache.test.ts': '' };
    expect(without(files)).toEqual([]);
  });

  it.each([
    ["table('one-rule', 'AWS::SQS::Queue', base, []);", true],
    ["expect(verdictsOf(built, 'one-rule')).toEqual(['violation']);", true],
    ["const MANY = ['one-rule'];", false],
    ["table('one-rule-more', 'AWS::SQS::Queue', base, []);", false],
  ])('says of a rule what it makes of a template: %s', (text, own) => {
    const tree = treeOf({ 'lib/checks/rules/one-rule.ts': CODE, 'test/lib/checks/queue-rules.test.ts': text });
    expect(sourcesWithoutATest(tree)).toHaveLength(own ? 0 : 1);
  });
});

describe('the list of sources without one', () => {
  it('is right when a test runs each of them', () => {
    expect(faultsOf([GAP], treeOf({ ...SOURCES, ...TASK_TEST }))).toEqual([]);
  });

  it('fails for a new source', () => {
    const faults = faultsOf([GAP], treeOf({ ...SOURCES, ...TASK_TEST, 'lib/compute/port.ts': CODE }));
    expect(faults).toEqual(['lib/compute/port.ts has no test of its own: write test/lib/compute/port.test.ts']);
  });

  it('fails for a source that has got one', () => {
    const faults = faultsOf([GAP], treeOf({ ...SOURCES, ...TASK_TEST, 'test/lib/compute/size.test.ts': '' }));
    expect(faults).toEqual(['lib/compute/size.ts has a test of its own: take it off the list']);
  });

  it('fails for a source that is gone', () => {
    const { 'lib/compute/task.ts': task } = SOURCES;
    const faults = faultsOf([GAP], treeOf({ 'lib/compute/task.ts': task, ...TASK_TEST }));
    expect(faults).toEqual(['lib/compute/size.ts does not exist: take it off the list']);
  });

  it('fails for a source that is there twice', () => {
    const faults = faultsOf([GAP, GAP], treeOf({ ...SOURCES, ...TASK_TEST }));
    expect(faults).toEqual(['lib/compute/size.ts is listed twice']);
  });

  it('fails for a test that is gone, and for one that does not run the source', () => {
    const gone = faultsOf([{ ...GAP, test: 'test/lib/gone.test.ts' }], treeOf({ ...SOURCES, ...TASK_TEST }));
    expect(gone).toEqual(['test/lib/gone.test.ts does not exist: say which test runs lib/compute/size.ts']);
    const idle = { 'test/lib/compute/task.test.ts': '' };
    expect(faultsOf([GAP], treeOf({ ...SOURCES, ...idle }))).toEqual([
      'lib/compute/size.ts is not imported by test/lib/compute/task.test.ts: say which test runs it',
    ]);
    expect(faultsOf([{ ...GAP, asBuilt: true }], treeOf({ ...SOURCES, ...idle }))).toEqual([]);
  });
});
