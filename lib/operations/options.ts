import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CommandError } from './terminal';

/** Takes a command's arguments apart. @throws CommandError (exit code 2) for an option that is unknown */
export function parsed<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error), 2);
  }
}

/** Reads a whole number. @throws CommandError (exit code 2) for one that is out of range */
export function whole(name: string, text: string | undefined, fallback: number, least: number, most: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new CommandError(`${name} is ${text}; allowed: a whole number from ${least} to ${most}`, 2);
  }
  return value;
}
