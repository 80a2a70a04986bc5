import { expect, it } from 'vitest';
import { COUNTRY_CODES } from '../../../lib/facts/countries';

it('there are the 249 countries of ISO 3166-1, and Kosovo, each with a name', () => {
  expect(COUNTRY_CODES.size).toBe(250);
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  for (const code of COUNTRY_CODES) expect([code, names.of(code)]).toEqual([code, expect.any(String)]);
  for (const code of ['DE', 'US', 'GB', 'XK', 'AX', 'ZW']) expect(COUNTRY_CODES).toContain(code);
  for (const code of ['UK', 'EU', 'ZZ', 'de', '']) expect(COUNTRY_CODES).not.toContain(code);
});
