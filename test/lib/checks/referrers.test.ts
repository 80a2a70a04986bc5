import { describe, expect, it } from 'vitest';
import { Referrers } from '../../../lib/checks/referrers';
import { CannotTell } from '../../../lib/template/template-resource';
import { inventoryOf, ref, resourceIn } from './literal-fixture';

const inventory = inventoryOf({ A: ['X', { Of: ref('C') }], B: ['X', { Of: ref('C') }], C: ['Y'], D: ['Y'] });
const [a, b, c, d] = ['A', 'B', 'C', 'D'].map((id) => resourceIn(inventory, id));

describe('referrers', () => {
  const of = (resource: unknown) => inventory.referent({ stack: 'Mine' }, resource) ?? [];

  it('are what names a resource, in their order, each once', () => {
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('they are there');
    const twice = new Referrers([a, b], ({ properties }) => [of(properties['Of']), of(properties['Of'])].flat());
    expect([twice.of(c), twice.of(d)]).toEqual([[a, b], []]);
    expect(inventory.referrers('X', 'Of', c)).toEqual([a, b]);
    expect(inventory.referrers('X', 'Of', c)).toBe(inventory.referrers('X', 'Of', c));
  });

  it('are not told where one of them cannot be read, and no other error is hidden', () => {
    if (a === undefined || c === undefined) throw new Error('they are there');
    const failing = (error: Error) => () => {
      throw error;
    };
    expect(() => new Referrers([a], failing(new CannotTell('why'))).of(c)).toThrow(CannotTell);
    expect(() => new Referrers([a], failing(new TypeError('broken')))).toThrow('broken');
  });
});

it('works out once what is asked again and again', () => {
  let times = 0;
  const work = () => {
    times += 1;
    return times;
  };
  expect([inventory.once(work), inventory.once(work), inventory.once(() => 7)]).toEqual([1, 1, 7]);
});
