import { describe, expect, it } from 'vitest';
import { CATALOGUE, CORRECTIONS, RULES } from '../../../lib/checks';

describe('the catalogue', () => {
  it('has every row once, and all that the guide has', () => {
    expect(new Set(CATALOGUE.map(({ id }) => id)).size).toBe(CATALOGUE.length);
    const tier = (wanted: number) =>
      CATALOGUE.filter(({ tier, guideLines }) => tier === wanted && guideLines.length > 0);
    expect([1, 2, 3].map((each) => tier(each).length)).toEqual([25, 138, 84]);
  });

  it('says of each row where it comes from and what must hold', () => {
    for (const { id, guideLines, claim, condition, patterns, outside } of CATALOGUE) {
      expect(
        guideLines.every((line) => /^\d+(-\d+)?$/.test(line)),
        id,
      ).toBe(true);
      expect(claim.length * condition.length, id).toBeGreaterThan(0);
      expect(patterns.length > 0 || outside !== undefined, id).toBe(true);
    }
  });

  it('knows every row that has a rule or a correction', () => {
    const ids = new Set<string>(CATALOGUE.map(({ id }) => id));
    for (const { id } of RULES) expect(ids).toContain(id);
    for (const id of Object.keys(CORRECTIONS)) expect(ids).toContain(id);
  });
});
