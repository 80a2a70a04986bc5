import { readOptions, USAGE } from './redrive/options';
import { type ClientFactory, redrive } from './redrive/redrive';
import { CommandError, type Terminal } from './terminal';

/** Runs `groundplan <command> …`. @returns the exit code */
export async function main(args: readonly string[], terminal: Terminal, clientFor?: ClientFactory): Promise<number> {
  const [command, ...rest] = args;
  try {
    if (command === undefined || command === 'help' || args.includes('--help')) {
      terminal.out(USAGE);
      return command === undefined ? 2 : 0;
    }
    if (command !== 'redrive') throw new CommandError(`There is no command ${command}.\n\n${USAGE}`, 2);
    return await redrive(readOptions(rest), terminal, clientFor);
  } catch (error) {
    // What AWS says is for the person too; where in the SDK it came from is not.
    terminal.err(
      error instanceof Error
        ? `${error instanceof CommandError ? '' : `${error.name}: `}${error.message}`
        : String(error),
    );
    return error instanceof CommandError ? error.exitCode : 1;
  }
}
