import { expect, it } from 'vitest';
import { inlinePolicyReasons } from '../../../lib/validation/inline-policy-reasons';

it('gives a reason to each pack that objects to inline policies', () => {
  const reasons = inlinePolicyReasons();
  expect(Object.keys(reasons).map((id) => id.split('::')[0])).toEqual([
    'HIPAA.Security',
    'NIST.800.53.R5',
    'PCI.DSS.321',
  ]);
  for (const [id, reason] of Object.entries(reasons)) {
    expect(id).toMatch(/^(.+)::\1-IAMNoInlinePolicy$/);
    expect(reason).toMatch(/^The policy belongs to one role/);
  }
});
