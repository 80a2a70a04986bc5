// @project unit

import { describe, expect, it } from 'vitest';
import { TENANT_ID } from '../../../../patterns/genai-rag/contract';
import { callerOf } from '../../../../patterns/genai-rag/runtime/caller';

const SUB = '4b5c6d7e-0000-4000-8000-000000000001';
const caller = (claims: unknown) => callerOf({ requestContext: { authorizer: { claims } } });

describe('the caller', () => {
  it.each([
    [undefined, `u-${SUB}`],
    ['', `u-${SUB}`],
    ['editors', `u-${SUB}`],
    ['tenant-acme', 't-acme'],
    ['editors,tenant-acme', 't-acme'],
    ['[editors tenant-acme]', 't-acme'],
    [['editors', 'tenant-acme'], 't-acme'],
    ['tenant-acme,tenant-acme', 't-acme'],
    ['tenant-a-1', 't-a-1'],
    [`tenant-${'x'.repeat(48)}`, `t-${'x'.repeat(48)}`],
    ['my-tenant-acme', `u-${SUB}`],
    [7, `u-${SUB}`],
  ])('of the groups %j is of the tenant %s', (groups, tenant) => {
    expect(caller({ sub: SUB, 'cognito:groups': groups })).toEqual({ tenant, user: SUB });
    expect(tenant).toMatch(TENANT_ID);
  });

  it.each([
    ['tenant-a,tenant-b', 'tenant_ambiguous'],
    ['[tenant-a tenant-b]', 'tenant_ambiguous'],
    ['tenant-', 'tenant_invalid'],
    ['tenant-Acme', 'tenant_invalid'],
    ['tenant--a', 'tenant_invalid'],
    ['tenant-a#b', 'tenant_invalid'],
    ['tenant-a/b', 'tenant_invalid'],
    [`tenant-${'x'.repeat(49)}`, 'tenant_invalid'],
    ['tenant-acme,tenant-#', 'tenant_invalid'],
  ])('of the groups %s is refused: %s', (groups, code) => {
    expect(() => caller({ sub: SUB, 'cognito:groups': groups })).toThrow(
      expect.objectContaining({ status: 403, code }),
    );
  });

  it.each([
    [undefined],
    [null],
    ['x'],
    [{}],
    [{ sub: '' }],
    [{ sub: 7 }],
    [{ sub: 'a#b' }],
    [{ sub: `${SUB}#x` }],
    [{ sub: 't-acme' }],
  ])('of the claims %j is nobody', (claims) => {
    expect(() => caller(claims)).toThrow(expect.objectContaining({ status: 401 }));
  });

  it('without an authorizer is nobody', () => {
    for (const authorizer of [undefined, null, {}]) {
      expect(() => callerOf({ requestContext: { authorizer } })).toThrow(expect.objectContaining({ status: 401 }));
    }
  });
});
