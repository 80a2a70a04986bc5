import { describe, expect, it } from 'vitest';
import { misnamedFixtures, misplacedTests, unusedFiles } from './places';

const treeOf = (...paths: (string | [path: string, text: string])[]) =>
  new Map(paths.map((path) => (typeof path === 'string' ? [path, ''] : path)));

describe('a test', () => {
  it('is where its source is, or above it, or in a folder across the sources', () => {
    const tree = treeOf(
      'lib/compute/task.ts',
      'patterns/shop/runtime/order.ts',
      'test/lib/compute/task.test.ts',
      'test/patterns/shop/stages.test.ts',
      'test/proof/live.test.ts',
    );
    expect(misplacedTests(tree)).toEqual([]);
  });

  it.each(['test/task.test.ts', 'test/lib/tasks/task.test.ts', 'test/operations/task.test.ts', 'test/bench/a.test.ts'])(
    'is misplaced as %s',
    (test) => {
      expect(misplacedTests(treeOf('lib/compute/task.ts', 'bench/a.ts', test))).toEqual([test]);
    },
  );

  it('is misplaced once its folder of sources is gone', () => {
    expect(misplacedTests(treeOf('lib/api/a.ts', 'test/lib/compute/task.test.ts'))).toHaveLength(1);
  });
});

describe('a fixture', () => {
  it('says that it is one, unless it is where all of them are', () => {
    const tree = treeOf(
      'test/synthesize.ts',
      'test/lib/compute/task-fixture.ts',
      'test/lib/compute/task-cases.ts',
      'test/lib/compute/__snapshots__/task.test.ts.snap',
      'test/fixtures/redis.ts',
      'test/proof/shop/mutations.ts',
    );
    expect(misnamedFixtures(tree)).toEqual([]);
  });

  it.each(['test/lib/compute/task.ts', 'test/patterns/shop/helper.js', 'test/local/fixture.ts'])(
    'has no other name, such as %s',
    (file) => {
      expect(misnamedFixtures(treeOf(file))).toEqual([file]);
    },
  );
});

describe('a file that is no test', () => {
  it('is imported or named by another', () => {
    const tree = treeOf(
      ['test/lib/a.test.ts', "import { a } from './a-fixture';\nconst b = join(__dirname, 'b-fixture.ts');"],
      'test/lib/a-fixture.ts',
      'test/lib/b-fixture.ts',
      ['bench/c.mjs', "import { c } from '../test/fixtures/c.ts';"],
      'test/fixtures/c.ts',
      'test/oracle/d.oracle.ts',
      'test/snapshots/shop.json',
    );
    expect(unusedFiles(tree)).toEqual([]);
  });

  it('is of no use otherwise, even when its own text names it', () => {
    const tree = treeOf(
      ['test/lib/a.test.ts', "import { b } from './b';"],
      ['test/lib/a-fixture.ts', '// a-fixture.ts'],
      'test/proof/shop/old.ts',
    );
    expect(unusedFiles(tree)).toEqual(['test/lib/a-fixture.ts', 'test/proof/shop/old.ts']);
  });
});
