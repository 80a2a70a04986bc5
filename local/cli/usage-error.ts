import { hideSdkVersionWarning } from '../../lib/operations/sdk-version-warning';

/** A mistake of the person at the keyboard: told in one line. */
export class UsageError extends Error {}

/**
 * Runs a command: its exit code is what it returns, and what it throws is told in one line.
 *
 * @param stop ends what runs when someone presses Ctrl-C
 */
export async function runCommand(run: () => Promise<number>, stop: () => Promise<void>): Promise<void> {
  hideSdkVersionWarning(process.env);
  let interrupted = false;
  const onInterrupt = () => {
    if (interrupted) return;
    interrupted = true;
    void stop()
      .catch(() => undefined)
      .finally(() => {
        process.stderr.write('\nStopped.\n');
        process.exit(130);
      });
  };
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!interrupted) {
      await stop().catch(() => undefined);
      process.stderr.write(`${lineOf(error)}\n`);
      process.exitCode = error instanceof UsageError ? 2 : 1;
    }
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

function lineOf(error: unknown): string {
  return `${error instanceof Error ? error.message : String(error)}`.split('\n')[0] ?? '';
}

/** The value of an option that is a whole number from 1. @throws UsageError for anything else */
export function integer(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new UsageError(`--${name} is a whole number from 1 to ${most}, not "${text}"`);
  }
  return value;
}
