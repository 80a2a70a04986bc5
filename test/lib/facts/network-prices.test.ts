import { describe, expect, it } from 'vitest';
import { breakEven, dollars, natHours } from '../../../lib/facts/network-prices';

describe('what a network costs', () => {
  it('breaks even where both ways cost the same, and not a GB before or after', () => {
    const { fromGb } = breakEven(3, 2, 0);
    const at = breakEven(3, 2, fromGb);
    expect(at.endpoints).toBeCloseTo(at.throughNat, 9);
    const [below, above] = [breakEven(3, 2, fromGb - 1), breakEven(3, 2, fromGb + 1)];
    expect(below.endpoints).toBeGreaterThan(below.throughNat);
    expect(above.endpoints).toBeLessThan(above.throughNat);
  });

  it('is that of the published prices', () => {
    // Two endpoints in three zones for 730 h at $0.01, and 100 GB at $0.01; by NAT 100 GB at $0.045.
    expect(breakEven(2, 3, 100)).toMatchObject({ endpoints: expect.closeTo(44.8), throughNat: expect.closeTo(4.5) });
    expect(natHours(1)).toBeCloseTo(32.85);
    expect(natHours(0)).toBe(0);
  });

  it('is written to the cent', () => {
    expect([0, 32.849, 32.855, 1000].map(dollars)).toEqual(['$0.00', '$32.85', '$32.85', '$1000.00']);
  });
});
