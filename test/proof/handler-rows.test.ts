// @node24 alone

import { describe, expect, it } from 'vitest';
import { PATTERNS } from '../../patterns/patterns';
import { proofOf } from './pattern-proof';

describe.each(PATTERNS.map(({ name }) => name))('%s', async (name) => {
  const { handlers = [] } = await proofOf(name);

  it('names each proof once', () => {
    const names = handlers.map(({ id, of = '' }) => `${id} ${of}`);
    expect(new Set(names).size).toBe(names.length);
  });

  describe.each(handlers.map(({ id, of = '', holds }) => [id, of, holds] as const))('%s %s', (_id, _of, holds) => {
    it('holds', async () => {
      expect(await holds(false)).toBe(true);
    });

    it('does not hold when its handling is taken out of the handler', async () => {
      expect(await holds(true)).toBe(false);
    });
  });
});
