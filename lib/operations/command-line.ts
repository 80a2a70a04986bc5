import type { Command } from './command';
import type { Syntheses } from './doctor/assembly';
import type { CallerFor } from './doctor/aws/caller';
import type { ClientsFor } from './redrive/clients';
import { readOptions, USAGE } from './redrive/options';
import { CommandError, messageOf, type Terminal } from './terminal';
import type { TryClientsFor } from './try/clients';
import type { FirstRequests } from './try/first-request';

/** Commands by the pattern that they are for; each is loaded when it is asked for. */
export type PatternCommands = Readonly<Record<string, () => Promise<Command>>>;

/** What the command line is put together from. */
export interface Parts {
  /** What `groundplan load` sends, by pattern. @default - nothing */
  readonly loads?: PatternCommands;
  /** What `groundplan replay` sends again, by pattern. @default - nothing */
  readonly replays?: PatternCommands;
  /** What `groundplan try` asks first, by pattern. @default - nothing */
  readonly firstRequests?: FirstRequests;
  /** Makes redrive's clients; a test makes its own. */
  readonly clientsFor?: ClientsFor;
  /** Makes the clients of `groundplan try`; a test makes its own. */
  readonly tryClientsFor?: TryClientsFor;
  /** Synthesizes the patterns that `groundplan doctor` can be asked about, by name. @default - none */
  readonly syntheses?: Syntheses;
  /** Makes what calls AWS for the doctor; a test makes its own. */
  readonly callerFor?: CallerFor;
}

/** A command that each pattern has of its own. */
interface PatternVerb {
  readonly commands: PatternCommands;
  /** Description in the help text. */
  readonly does: string;
  /** Messages for a missing pattern, and for an unsupported one. */
  readonly name: string;
  readonly nothing: string;
}

/** A command that is the same for every pattern, and for stacks that others wrote. */
interface GeneralCommand {
  /** What it takes, after its name in the help text. */
  readonly takes: string;
  /** Description in the help text. */
  readonly does: string;
  load(parts: Parts): Promise<Command>;
}

const GENERAL: Readonly<Record<string, GeneralCommand>> = {
  check: {
    takes: '[cdk.out | template | folder]',
    does: 'judges CloudFormation templates by the rules of the catalogue, for people and for CI',
    load: async () => (await import('./check/check.js')).checkCommand,
  },
  rehearse: {
    takes: '[cdk.out]',
    does: 'finds in synthesized templates what a deployment, a retry, an update or a deletion would meet',
    load: async () => (await import('./rehearse.js')).rehearseCommand,
  },
  doctor: {
    takes: '[pattern-or-cdk.out]',
    does: 'checks before the first deployment what templates need of your account; only reads',
    load: async ({ syntheses, callerFor }) => {
      const { readOptions: readDoctorOptions, USAGE: usage } = await import('./doctor/options.js');
      return {
        usage,
        run: async (given, terminal) => {
          const options = readDoctorOptions(given);
          const { doctor } = await import('./doctor/doctor.js');
          return doctor(options, terminal, {
            ...(syntheses !== undefined && { syntheses }),
            ...(callerFor !== undefined && { callerFor }),
          });
        },
      };
    },
  },
  try: {
    takes: '<stack>',
    does: 'makes a user of a deployed dev stack, signs in, and asks its first question',
    load: async ({ firstRequests = {}, tryClientsFor }) => {
      const { readTryOptions, USAGE: usage } = await import('./try/options.js');
      return {
        usage,
        run: async (given, terminal) => {
          const options = readTryOptions(given);
          const { tryStack } = await import('./try/try-stack.js');
          return tryStack(options, terminal, { firstRequests, clientsFor: tryClientsFor });
        },
      };
    },
  },
  redrive: {
    takes: '<queue-or-stack>',
    does: 'shows the messages in dead-letter queues, and sends them back',
    load: async ({ clientsFor }) => ({
      usage: USAGE,
      run: async (given, terminal) => {
        const options = readOptions(given);
        // Its clients are of seven services, for which the other commands need not wait.
        const { redrive } = await import('./redrive/redrive.js');
        return redrive(options, terminal, clientsFor);
      },
    }),
  },
};

/** Runs `groundplan <command> …`. @returns the exit code */
export async function main(args: readonly string[], terminal: Terminal, parts: Parts = {}): Promise<number> {
  const verbs = verbsOf(parts);
  const [name = '', ...rest] = args;
  const [pattern = '', ...more] = rest;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  const ofPattern = verb !== undefined && Object.hasOwn(verb.commands, pattern) ? verb.commands[pattern] : undefined;
  try {
    const general = Object.hasOwn(GENERAL, name) ? GENERAL[name] : undefined;
    const command = await (general === undefined ? ofPattern?.() : general.load(parts));
    if (name === 'help' || args.includes('--help')) {
      terminal.out(command?.usage ?? overview(verbs));
      return 0;
    }
    if (command === undefined) throw new CommandError(notKnown(name, pattern, verbs), 2);
    return await command.run(verb === undefined ? rest : more, terminal);
  } catch (error) {
    terminal.err(messageOf(error));
    return error instanceof CommandError ? error.exitCode : 1;
  }
}

function verbsOf({ loads = {}, replays = {} }: Parts): Readonly<Record<string, PatternVerb>> {
  return {
    load: {
      commands: loads,
      does: 'sends a deployed pattern the traffic of its users',
      name: 'Pass the pattern to send to',
      nothing: 'load does not support',
    },
    replay: {
      commands: replays,
      does: 'sends the failed records of a deployed pattern again',
      name: 'Pass the pattern to replay',
      nothing: 'replay does not support',
    },
  };
}

function overview(verbs: Readonly<Record<string, PatternVerb>>): string {
  const uses = [
    ...Object.entries(GENERAL).map(([name, { takes }]) => `groundplan ${name} ${takes} [options]`),
    ...Object.keys(verbs).map((name) => `groundplan ${name} <pattern> [options]`),
  ];
  const line = (name: string, does: string) => `  ${name.padEnd(16)}${does}`;
  return [
    ...uses.map((use, index) => `${index === 0 ? 'Usage:' : '      '} ${use}`),
    '',
    ...Object.entries(GENERAL).map(([name, { does }]) => line(name, does)),
    ...Object.entries(verbs).map(([name, { does, commands }]) => line(name, `${does}: ${list(commands)}`)),
    '',
    'Each has its own help: groundplan redrive --help, groundplan load <pattern> --help.',
  ].join('\n');
}

function notKnown(name: string, pattern: string, verbs: Readonly<Record<string, PatternVerb>>): string {
  if (name === '') return overview(verbs);
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) return `Unknown command ${name}.\n\n${overview(verbs)}`;
  const which = pattern === '' ? verb.name : `${verb.nothing} ${pattern}`;
  return `${which}; available: ${list(verb.commands)}`;
}

function list(commands: PatternCommands): string {
  return Object.keys(commands).join(', ') || 'none';
}
