import { expect, it } from 'vitest';
import type { Answer, Json } from './aws-client';

/** A rule of AWS's documentation that our stores keep and the random sequences do not draw. */
export function rule(name: string, check: () => Promise<void>): void {
  it(name, check);
}

/** Expects an error. */
export function expectError({ error }: Answer, code: string): void {
  expect(error).toBe(code);
}

/** Expects an answer without error. */
export function outputOf({ error, output }: Answer): Json {
  expect(error).toBeUndefined();
  return output;
}
