import { randomUUID } from 'node:crypto';
import { explained } from '../aws-errors';
import { CommandError, messageOf, type Terminal } from '../terminal';
import type { TryClients, TryClientsFor } from './clients';
import { commandsToPaste, deletion } from './commands-to-paste';
import type { FirstRequest, FirstRequestPlace, FirstRequests, TriedRequest } from './first-request';
import { whenInstalled } from './installed';
import { Interrupted } from './interrupted';
import type { TryOptions } from './options';
import { Sender, shortened } from './sender';
import { findTriedStack, logGroupsOf, type TriedStack } from './stack';
import type { TriedUser } from './user';

/** What `groundplan try` is put together from. */
export interface TryParts {
  readonly firstRequests: FirstRequests;
  /** Makes the clients. @default - as the AWS CLI's */
  readonly clientsFor?: TryClientsFor;
}

/** What one run has at hand. */
interface Run {
  readonly options: TryOptions;
  readonly terminal: Terminal;
  readonly clients: TryClients;
  readonly region: string;
  readonly stack: TriedStack;
  readonly firstRequest: FirstRequest;
}

const USER_OUTPUTS = ['UserPoolId', 'UserPoolClientId'] as const;

/** Runs the command. @returns the exit code @throws CommandError when it was not answered */
export async function tryStack(options: TryOptions, terminal: Terminal, parts: TryParts): Promise<number> {
  const { clientsFor = (await whenInstalled(() => import('./clients.js'))).tryClientsFor } = parts;
  const clients = clientsFor(options.region);
  let region = options.region ?? 'this region';
  try {
    region = await clients.cloudFormation.config.region();
    const stack = await findTriedStack(clients.cloudFormation, options.stack, region);
    const firstRequest = await firstRequestOf(stack, parts.firstRequests);
    return await asUser({ options, terminal, clients, region, stack, firstRequest });
  } catch (error) {
    throw explained(error, region);
  } finally {
    clients.cloudFormation.destroy();
    clients.cognito.destroy();
  }
}

/** @throws CommandError for a pattern that is not of this version, or outputs that are missing */
async function firstRequestOf(
  { name, pattern, outputs }: TriedStack,
  firstRequests: FirstRequests,
): Promise<FirstRequest> {
  const load = Object.hasOwn(firstRequests, pattern) ? firstRequests[pattern] : undefined;
  if (load === undefined) {
    const known = Object.keys(firstRequests).join(', ') || 'none';
    throw new CommandError(`${name} is of the pattern ${pattern}, which has no first request; available: ${known}`);
  }
  const found = await load();
  const missing = [...USER_OUTPUTS, ...found.outputs].filter((each) => outputs[each] === undefined);
  if (missing.length === 0) return found;
  throw new CommandError(
    `${name} has no output ${missing.join(', ')}, which the first request of ${pattern} reads: add a CfnOutput to the stack.`,
  );
}

/** Makes the user, asks, and deletes the user whatever came of it. */
async function asUser(run: Run): Promise<number> {
  const { options, terminal, clients, region, stack } = run;
  const { TriedUser, newAddress, newPassword } = await whenInstalled(() => import('./user.js'));
  const [userPoolId = '', clientId = ''] = USER_OUTPUTS.map((name) => stack.outputs[name]);
  const signIn = { region, userPoolId, clientId, user: options.email ?? newAddress(), password: newPassword() };
  const user = new TriedUser(clients.cognito, signIn);
  const abort = new AbortController();
  const listenNoMore = terminal.onInterrupt(() => {
    terminal.err('Stopping. Press Ctrl-C again to stop immediately.');
    abort.abort();
  });
  let stays = false;
  try {
    terminal.err(`Making the user ${signIn.user} in ${userPoolId} …`);
    await user.create();
    stays = true;
    const token = await user.token();
    const again = await run.firstRequest.run(placeOf(run, token, abort.signal));
    if (!options.keep) stays = !(await isDeleted(user, run));
    tellHowAgain(run, user, again, { isThere: stays });
    return stays === options.keep ? 0 : 1;
  } catch (error) {
    if (stays) await isDeleted(user, run);
    if (!(error instanceof Interrupted)) throw error;
    terminal.err(error.message);
    return 130;
  } finally {
    listenNoMore();
  }
}

/** Deletes the user, or says how. @returns whether the user is gone */
async function isDeleted(user: TriedUser, { terminal, region }: Run): Promise<boolean> {
  try {
    await user.delete();
    return true;
  } catch (error) {
    const why = messageOf(explained(error, region));
    terminal.err(`The user ${user.signIn.user} was not deleted. ${why}\nDelete it: ${deletion(user.signIn)}`);
    return false;
  }
}

/** @param state whether the user is still there */
function tellHowAgain(
  { terminal }: Run,
  { signIn }: TriedUser,
  again: TriedRequest,
  state: { readonly isThere: boolean },
): void {
  const who = state.isThere ? 'stays' : 'is deleted again (--keep keeps it)';
  terminal.out(`\nThe user ${signIn.user} ${who}. To ask again, paste:\n\n${commandsToPaste(signIn, again, state)}`);
  terminal.out(`\nWhen you are done, delete the user:\n\n${deletion(signIn)}`);
}

function placeOf({ stack, region, terminal, options, clients, firstRequest }: Run, token: string, signal: AbortSignal) {
  const logs = () => whereLogsAre(clients, stack, region, firstRequest.logs);
  const sender = new Sender({ token, terminal, signal, logs });
  return {
    outputs: stack.outputs,
    region,
    config: clients.config,
    keep: options.keep,
    now: () => terminal.now(),
    newKey: randomUUID,
    ask: (request) => sender.send(request),
    upload: (url, form) => sender.upload(url, form),
    discard: async (url) => {
      if (!options.keep) await sender.discard(url);
    },
    show: ({ method, url, body }, { status, text }) => {
      terminal.out(`\n${method} ${url}`);
      if (body !== undefined) terminal.out(JSON.stringify(body));
      terminal.out(`${status} ${shortened(text)}`.trimEnd());
    },
    tell: (text) => terminal.out(text),
    say: (text) => terminal.err(text),
    pause: (duration) => sender.pause(duration),
  } satisfies FirstRequestPlace;
}

/** Where a failed request is explained; the request has failed already, so that nothing that fails here hides it. */
async function whereLogsAre(
  { cloudFormation }: TryClients,
  { name }: TriedStack,
  region: string,
  meant: RegExp,
): Promise<string> {
  try {
    const groups = await logGroupsOf(cloudFormation, name, meant);
    return ['Its logs:', ...groups.map((group) => `aws logs tail ${group} --since 15m --region ${region}`)].join('\n');
  } catch (error) {
    return `Its logs are in the log groups of the stack ${name}, which could not be listed: ${messageOf(error)}`;
  }
}
