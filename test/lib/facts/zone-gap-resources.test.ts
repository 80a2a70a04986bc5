import { expect, it } from 'vitest';
import { resourceType } from '../../../lib/facts/resource-types';
import { RESOURCE_ZONE_GAPS } from '../../../lib/facts/zone-gap-resources';

it('names zones by their ids, for types that there are, with a source', () => {
  for (const { resourceType: type, zoneIds, source } of RESOURCE_ZONE_GAPS) {
    expect(resourceType(type)).toBeDefined();
    for (const id of zoneIds) expect(id).toMatch(/^[a-z]{3,4}\d-az\d$/);
    expect(source).not.toBe('');
  }
});
