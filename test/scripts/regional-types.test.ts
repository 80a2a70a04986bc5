import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REGIONAL_TYPES } from '../../lib/facts/regions';
import { regionalTypes, typesOf } from '../../scripts/regional-types.mjs';

const root = join(__dirname, '../..');

it('lists, by type, the regions that lack it, and says nothing of regions whose registry is a copy', () => {
  const all = new Set(['AWS::A::A', 'AWS::B::B']);
  const registries = { 'us-east-1': all, 'us-iso-east-1': all, 'il-central-1': new Set(['AWS::B::B']) };
  expect(regionalTypes(['AWS::A::A', 'AWS::B::B'], registries)).toEqual({
    regions: ['il-central-1', 'us-east-1'],
    lacking: { 'AWS::A::A': ['il-central-1'] },
  });
});

it('leaves out a type that no registry has', () => {
  const registries = { 'us-east-1': new Set(['AWS::A::A', 'AWS::B::B']), 'il-central-1': new Set(['AWS::A::A']) };
  expect(regionalTypes(['AWS::C::C'], registries).lacking).toEqual({});
});

it('is of types that templates of this project have', () => {
  const types = typesOf(root);
  expect(types.length).toBeGreaterThan(90);
  expect(REGIONAL_TYPES.filter((type) => !types.includes(type))).toEqual([]);
});
