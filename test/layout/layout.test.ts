import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf } from './own-tests';
import { misnamedFixtures, misplacedTests, unusedFiles } from './places';
import gaps from './sources-without-a-test.json';
import { readTree } from './tree';

const tree = readTree(join(__dirname, '../..'));

describe('test/', () => {
  it('has each test in the folder of what it tests', () => {
    expect(misplacedTests(tree)).toEqual([]);
  });

  it('calls fixtures by that name', () => {
    expect(misnamedFixtures(tree)).toEqual([]);
  });

  it('has no file that nothing uses', () => {
    expect(unusedFiles(tree)).toEqual([]);
  });

  it('has a test of its own for each source, or sources-without-a-test.json says what runs it', () => {
    expect(faultsOf(gaps, tree)).toEqual([]);
  });
});
