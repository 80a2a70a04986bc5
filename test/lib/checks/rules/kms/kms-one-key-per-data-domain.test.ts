import { expect, it } from 'vitest';
import { Inventory } from '../../../../../lib/checks/inventory';
import { kmsOneKeyPerDataDomain } from '../../../../../lib/checks/rules/kms/kms-one-key-per-data-domain';
import { cases, type Literal } from '../../literal-fixture';

const key = (path?: string): Literal => ['AWS::KMS::Key', {}, path === undefined ? {} : { 'aws:cdk:path': path }];
const says = '2 keys in Mine/Shop, each a dollar a month; allowed: one for a data domain';

cases(kmsOneKeyPerDataDomain, { Key: key('Mine/Shop/Key/Resource') }, [
  ['compliant', 'there is one'],
  ['violation', 'there are two in a domain', { More: key('Mine/Shop/Deep/Key/Resource') }, says],
  ['compliant', 'another domain has one', { More: key('Mine/Stock/Key/Resource') }],
  ['compliant', 'there are no paths, and there is one', { Key: key() }],
  ['cannot-tell', 'there are no paths, and two', { Key: key(), More: key() }],
]);
it('counts keys of a stack by themselves', () => {
  const stack = { Resources: { Key: { Type: 'AWS::KMS::Key', Metadata: { 'aws:cdk:path': 'Shop/Key' } } } };
  const bare = { Resources: { Key: { Type: 'AWS::KMS::Key' } } };
  for (const each of [stack, bare]) {
    const inventory = new Inventory({ One: each, Two: each });
    expect(kmsOneKeyPerDataDomain.check(inventory.resources[0] ?? expect.fail(), inventory)).toEqual({
      kind: 'compliant',
    });
  }
});
