import { CommandError, type Terminal } from './terminal';

/** What to ask before something is done that cannot be taken back. */
export interface Asking {
  /** Whether it was said beforehand. */
  readonly yes: boolean;
  readonly question: string;
  /** What to do when no one can be asked. */
  readonly otherwise: string;
  /** Message after the answer no. */
  readonly declined: string;
}

/** Asks whether to go on. @throws CommandError when there is no one to be asked */
export async function agreed(terminal: Terminal, { yes, question, otherwise, declined }: Asking): Promise<boolean> {
  if (yes) return true;
  if (!terminal.interactive)
    throw new CommandError(`Confirmation is required, and the terminal is not interactive: ${otherwise}.`);
  const answer = await terminal.ask(`${question} [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  terminal.err(declined);
  return false;
}
