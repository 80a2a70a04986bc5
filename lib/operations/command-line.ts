import { readOptions, USAGE } from './redrive/options';
import { type ClientFactory, redrive } from './redrive/redrive';
import { CommandError, messageOf, type Terminal } from './terminal';

/** Runs `groundplan <command> …`. @returns the exit code */
export async function main(args: readonly string[], terminal: Terminal, clientFor?: ClientFactory): Promise<number> {
  const [command, ...rest] = args;
  try {
    if (command === undefined) throw new CommandError(USAGE, 2);
    if (command === 'help' || args.includes('--help')) {
      terminal.out(USAGE);
      return 0;
    }
    if (command !== 'redrive') throw new CommandError(`There is no command ${command}.\n\n${USAGE}`, 2);
    return await redrive(readOptions(rest), terminal, clientFor);
  } catch (error) {
    terminal.err(messageOf(error));
    return error instanceof CommandError ? error.exitCode : 1;
  }
}
