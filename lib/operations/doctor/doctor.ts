import { CannotTell } from '../../template/template-resource';
import { explained, isDenied, isUnreachable } from '../aws-errors';
import { CommandError, messageOf, type Terminal } from '../terminal';
import { type Syntheses, withAssembly } from './assembly';
import type { Action, Answers } from './aws/answers';
import { type Caller as AwsCaller, type CallerFor, callerFor } from './aws/caller';
import type { Input } from './aws/operations';
import { CHECKS } from './checks';
import { region as regionCheck } from './checks/region';
import type { DoctorOptions } from './options';
import { type Caller, type Place, placesOf } from './place';
import { policy } from './policy';
import { type Aws, type Check, cannotTell, ok, type Question, type Verdict, willFail } from './question';
import { verdictsAsJson, verdictsAsText } from './report';

/** What the command is put together from. */
export interface DoctorParts {
  /** @default - no pattern can be named */
  readonly syntheses?: Syntheses;
  /** Makes what calls AWS; a test makes its own. */
  readonly callerFor?: CallerFor;
}

/** Runs the command. @returns the exit code: 1 when something will fail */
export async function doctor(options: DoctorOptions, terminal: Terminal, parts: DoctorParts = {}): Promise<number> {
  if (options.policy) {
    terminal.out(JSON.stringify(policy(), undefined, 2));
    return 0;
  }
  const aws = (parts.callerFor ?? callerFor)(options.region);
  const caller = await callerOf(aws);
  const source = { ...options, syntheses: parts.syntheses ?? {}, region: caller.region };
  const verdicts = await withAssembly(source, async (templates) => {
    const places = placesOf(templates, caller);
    const found = await Promise.all(places.map((place) => examined(aws, caller, place)));
    return [identity(caller, places), ...found.flat()];
  });
  const sorted = [...verdicts].sort((a, b) => WORST_FIRST.indexOf(a.is) - WORST_FIRST.indexOf(b.is));
  terminal.out(options.json ? verdictsAsJson(sorted) : verdictsAsText(sorted));
  return sorted.some(({ is }) => is === 'will-fail') ? 1 : 0;
}

const WORST_FIRST: readonly Verdict['is'][] = ['will-fail', 'cannot-tell', 'ok'];

/** Where credentials are known even if the account has not enabled the caller's region. */
const ALWAYS_ENABLED = 'us-east-1';

/** Who calls. @throws CommandError (exit code 2) without credentials, or where AWS does not take them */
async function callerOf(aws: AwsCaller): Promise<Caller> {
  let region = 'this region';
  try {
    region = await aws.region();
    return await identified(aws, region, region);
  } catch (error) {
    // A region that the account has not enabled does not know its credentials.
    const isPerhapsOff = error instanceof Error && /InvalidClientTokenId|UnrecognizedClient/.test(error.name);
    const caller = isPerhapsOff ? await identified(aws, region, ALWAYS_ENABLED).catch(() => undefined) : undefined;
    if (caller !== undefined) return caller;
    throw new CommandError(messageOf(explained(error, region)), 2);
  }
}

async function identified(aws: AwsCaller, region: string, answering: string): Promise<Caller> {
  const { Account = '', Arn = '' } = await aws.call('sts:GetCallerIdentity', {}, answering);
  return { account: Account, arn: Arn, region, answering };
}

function identity({ account, arn, region }: Caller, places: readonly Place[]): Verdict {
  const regions = places.filter(({ isCallers }) => isCallers).map((place) => place.region);
  const reason = `${arn}, for ${[...new Set(regions)].join(' and ') || 'no stack of this account'}`;
  return { ...ok(reason), check: 'credentials', subject: 'caller', account, region, stacks: [], resources: [] };
}

/** All that is asked of one place. What would only fail for the same reason is not asked. */
async function examined(aws: AwsCaller, caller: Caller, place: Place): Promise<readonly Verdict[]> {
  const ask = askerOf(aws, place);
  if (!place.isCallers) return [await ask(WRONG_ACCOUNT, wrongAccount(caller, place))];
  const where = place.region === caller.answering ? [] : regionCheck(caller.answering).questions(place);
  const regions = await Promise.all(where.map((question) => ask({ id: 'region' }, question)));
  if (regions.some(({ is }) => is === 'will-fail')) return regions;
  const asked = CHECKS.flatMap((check) => check.questions(place).map((question) => ask(check, question)));
  return [...regions, ...(await Promise.all(asked))];
}

const WRONG_ACCOUNT = { id: 'credentials' };

function wrongAccount(caller: Caller, place: Place): Question {
  const reason =
    `The stacks are for account ${place.account}, and these credentials are of ${caller.account}: nothing there was looked at, ` +
    `and a deployment works only if the bootstrap stack there trusts ${caller.account}`;
  const command = `AWS_PROFILE=<a profile of ${place.account}> npx groundplan doctor`;
  return { subject: 'another account', resources: [], ask: async () => willFail(reason, command) };
}

type Ask = (check: Pick<Check, 'id'>, question: Question) => Promise<Verdict>;

function askerOf(aws: AwsCaller, place: Place): Ask {
  const { account, region } = place;
  return async ({ id: check }, { subject, resources, ask }) => {
    const failed = new Map<unknown, Failure>();
    const recorded: Aws = {
      call: async <A extends Action>(action: A, input: Input = {}, at = region): Promise<Answers[A]> => {
        try {
          return await aws.call(action, input, at);
        } catch (error) {
          failed.set(error, { action, region: at });
          throw error;
        }
      },
    };
    const answer = await ask(recorded).catch((error: unknown) => cannotTell(why(error, failed.get(error))));
    const named = resources.length > 0 ? resources.flatMap((each) => place.stackOf(each) ?? []) : place.stacks;
    const stacks = [...new Set(named.map(({ stackName }) => stackName))];
    return { ...answer, check, subject, account, region, stacks, resources };
  };
}

/** A call that was not answered. */
interface Failure {
  readonly action: Action;
  readonly region: string;
}

/** Why a question has no answer, in one line. */
function why(error: unknown, failure: Failure | undefined): string {
  if (error instanceof CannotTell) return error.message;
  if (failure === undefined) throw error;
  const { action, region } = failure;
  if (isDenied(error)) return `no permission for ${action} in ${region}`;
  if (isUnreachable(error)) {
    return `${action} cannot be asked in ${region}: the service is not there, or the network does not reach it`;
  }
  if (error instanceof Error && error.name === 'TimeoutError') return `${action} in ${region} did not answer in time`;
  return `${action} in ${region}: ${messageOf(error)}`;
}
