import { expect, it } from 'vitest';
import { resourceType } from '../../../lib/facts/resource-types';
import { SERVICE_LINKED_ROLES } from '../../../lib/facts/service-linked-roles';

it('names each role once, for types that there are, with a source', () => {
  expect(new Set(SERVICE_LINKED_ROLES.map(({ role }) => role)).size).toBe(SERVICE_LINKED_ROLES.length);
  for (const { role, service, resourceTypes, source } of SERVICE_LINKED_ROLES) {
    expect(role).toMatch(/^AWSServiceRoleFor\w+$/);
    expect(service).toMatch(/^[a-z.]+\.amazonaws\.com$/);
    expect(resourceTypes.filter((type) => resourceType(type) === undefined)).toEqual([]);
    expect(source).not.toBe('');
  }
});
