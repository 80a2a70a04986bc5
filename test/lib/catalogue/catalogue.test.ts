import { describe, expect, it } from 'vitest';
import { CATALOGUE, CORRECTIONS, RULES } from '../../../lib/checks';

describe('the catalogue', () => {
  it('has every row once', () => {
    expect(CATALOGUE).toHaveLength(247);
    expect(new Set(CATALOGUE.map(({ id }) => id)).size).toBe(247);
    const tier = (wanted: number) => CATALOGUE.filter((row) => row.tier === wanted).length;
    expect([tier(1), tier(2), tier(3)]).toEqual([25, 138, 84]);
  });

  it('says of each row where it comes from and what must hold', () => {
    for (const { id, guideLines, claim, condition, mechanisms, patterns, outside } of CATALOGUE) {
      expect(
        guideLines.every((line) => /^\d+(-\d+)?$/.test(line)),
        id,
      ).toBe(true);
      expect(claim.length * condition.length * mechanisms.length, id).toBeGreaterThan(0);
      expect(patterns.length > 0 || outside !== undefined, id).toBe(true);
    }
  });

  it('knows every row that has a rule or a correction', () => {
    const ids = new Set<string>(CATALOGUE.map(({ id }) => id));
    for (const { id } of RULES) expect(ids).toContain(id);
    for (const id of Object.keys(CORRECTIONS)) expect(ids).toContain(id);
  });
});
