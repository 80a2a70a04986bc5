import { describe, expect, it } from 'vitest';
import { circularReferences } from '../../../lib/template/circular-references';
import { TemplateIndex } from '../../../lib/template/template-index';
import type { ResourceDocument } from '../../../lib/template/template-resource';
import { ref } from '../checks/literal-fixture';

const names = (...ids: readonly string[]): ResourceDocument => ({ Type: 'X', Properties: { It: ids.map(ref) } });
const circles = (Resources: Readonly<Record<string, ResourceDocument>>) =>
  circularReferences(new TemplateIndex({ Mine: { Resources } })).map((each) =>
    each
      .map(({ logicalId }) => logicalId)
      .sort()
      .join(),
  );

describe('circular references', () => {
  it.each([
    ['none', { A: names('B', 'C'), B: names('C'), C: names() }, []],
    ['to what is not there', { A: names('Nowhere', 'AWS::Region') }, []],
    ['to itself', { A: names('A'), B: names() }, ['A']],
    ['of two', { A: names('B'), B: names('A'), C: names('A') }, ['A,B']],
    [
      'of three, with a way in and a way out',
      { In: names('A'), A: names('B'), B: names('C', 'Out'), C: names('A'), Out: names() },
      ['A,B,C'],
    ],
    ['by DependsOn', { A: { Type: 'X', DependsOn: ['B'] }, B: { Type: 'X', DependsOn: 'A' } }, ['A,B']],
    ['two circles', { A: names('B'), B: names('A'), C: names('D', 'A'), D: names('C') }, ['A,B', 'C,D']],
    ['two circles that share one', { A: names('B', 'C'), B: names('A'), C: names('A') }, ['A,B,C']],
  ])('%s', (_what, resources, expected) => {
    expect(circles(resources)).toEqual(expected);
  });

  it('are found at the end of a chain that is longer than a stack of calls', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`R${index}`, names(`R${index + 1}`)]),
    );
    expect(circles({ ...chain, R20000: names('R19999') })).toEqual(['R19999,R20000']);
  });
});
