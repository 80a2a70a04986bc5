import { afterEach, expect, it, vi } from 'vitest';
import { requiredVariable } from '../../../lib/runtime/environment';

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([undefined, ''])('names a variable that is %j', (value) => {
  vi.stubEnv('SOME_NAME', value);
  expect(() => requiredVariable('SOME_NAME')).toThrow('Environment variable SOME_NAME is not set');
});

it('gives back what is set', () => {
  vi.stubEnv('SOME_NAME', ' x ');
  expect(requiredVariable('SOME_NAME')).toBe(' x ');
});
