/**
 * Reads an environment variable that a construct sets.
 *
 * @throws Error naming the variable, so that a function wired wrongly fails at its first import and not at its first order
 */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Environment variable ${name} is not set`);
  return value;
}
