import { expect, it } from 'vitest';
import { resourceType } from '../../../lib/facts/resource-types';
import { SERVICE_LINKED_ROLES } from '../../../lib/facts/service-linked-roles';

it('names types that there are, a role and its service once each, and a source', () => {
  for (const { resourceTypes, role, service, source } of SERVICE_LINKED_ROLES) {
    for (const type of resourceTypes) expect([type, resourceType(type)]).not.toEqual([type, undefined]);
    expect(role).toMatch(/^AWSServiceRoleFor\w+$/);
    expect(service).toMatch(/^[a-z0-9.-]+\.amazonaws\.com$/);
    expect(source).toMatch(/^AWS: /);
  }
  expect(new Set(SERVICE_LINKED_ROLES.map(({ role }) => role)).size).toBe(SERVICE_LINKED_ROLES.length);
  expect(new Set(SERVICE_LINKED_ROLES.map(({ service }) => service)).size).toBe(SERVICE_LINKED_ROLES.length);
});
