import type { Environment } from 'aws-cdk-lib';
import type { Node } from 'constructs';
import { EMAIL } from '../validation/email';
import { RefusedValueError } from '../validation/refuse';
import { REGION_HAS } from '../validation/region';
import { STAGE_NAMES, type StageName, type StageSettings, stages } from './stage';

/** What `-c key=value` decides for an app of this project. */
export interface AppContext {
  readonly stage: StageSettings;
  /** @default - no subscription: subscribe to the alarm topic yourself */
  readonly alarmEmail?: string;
  readonly env: Environment;
  /**
   * What CloudFormation calls a stack: its id in the app, and for a copy and a stage other than dev their names, so that no stack
   * becomes one of another stage in place.
   *
   * @param id such as `EventDriven`; its staging is `EventDriven-staging`, and a copy for a branch `EventDriven-my-branch`
   */
  stackName(id: string): string;
  /** What the keys of the patterns were given, by key. */
  readonly options: Readonly<Record<string, string | undefined>>;
}

/** A key that a pattern takes. */
export interface ContextKey {
  /** What its values look like. */
  readonly shape: RegExp;
  /** The same in words, for the error. */
  readonly allowed: string;
}

const KEYS = ['stage', 'name', 'alarmEmail', 'region', 'account', 'accountConcurrency', REGION_HAS] as const;

/** Keys that the CDK, its libraries and its CLI put into the context themselves. */
const CDK_KEY =
  /^(@aws-cdk|@aws-cdk-containers|aws:|cdk-|aws-cdk|availability-zones:|ssm:|vpc-provider:|hosted-zone:|ami:|endpoint-service|load-balancer|security-group|key-provider:|cc-api-provider:|tree|acknowledged-issue-numbers|cli-telemetry)/;

/**
 * Reads the app's context.
 *
 * @param keys what is taken besides stage, name, alarmEmail, region, account and accountConcurrency
 * @throws RefusedValueError for an unknown key, an unknown stage, or a value that its key does not take
 */
export function readContext(
  node: Node,
  keys: Readonly<Record<string, ContextKey>> = {},
  environment: NodeJS.ProcessEnv = process.env,
): AppContext {
  const context = node.getAllContext() as Record<string, unknown>;
  refuseUnknownKeys(context, [...KEYS, ...Object.keys(keys)]);
  const text = (key: string, shape: RegExp, allowed: string): string | undefined => {
    const value: unknown = context[key];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && shape.test(value)) return value;
    return reject(`context ${key}`, value, allowed, `pass -c ${key}=<value> in that form`);
  };

  const name = text('stage', new RegExp(`^(${STAGE_NAMES.join('|')})$`), STAGE_NAMES.join(', ')) ?? 'dev';
  const copy = text(
    'name',
    /^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/,
    '1 to 20 of a-z, 0-9 and inner hyphens, such as a branch',
  );
  const alarmEmail = text('alarmEmail', EMAIL, 'an e-mail address');
  const account = text('account', /^\d{12}$/, 'an account id of 12 digits') ?? environment['CDK_DEFAULT_ACCOUNT'];
  const region =
    text('region', /^[a-z]{2,4}(-[a-z]+)+-\d$/, 'a region such as eu-west-1') ?? environment['CDK_DEFAULT_REGION'];
  const pool = text('accountConcurrency', /^\d{1,6}$/, 'the Lambda concurrency quota of the account, a whole number');
  text(REGION_HAS, /^AWS::\w+::\w+(,AWS::\w+::\w+)*$/, 'resource types, separated by commas');
  const options = Object.entries(keys).map(([key, { shape, allowed }]) => [key, text(key, shape, allowed)] as const);
  const stage = stages[name as StageName];
  return {
    stage: pool === undefined ? stage : { ...stage, accountConcurrency: Number(pool) },
    alarmEmail,
    env: { account, region },
    stackName: (id) => [id, copy, name === 'dev' ? undefined : name].filter((part) => part !== undefined).join('-'),
    options: Object.fromEntries(options),
  };
}

function refuseUnknownKeys(context: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  for (const key of Object.keys(context)) {
    if (known.includes(key) || CDK_KEY.test(key)) continue;
    const allowed = `the keys ${known.join(', ')}`;
    reject(`context key ${key}`, context[key], allowed, `remove -c ${key}, or correct its spelling`);
  }
}

function reject(prop: string, value: unknown, allowed: string, fix: string): never {
  throw new RefusedValueError('', { prop, value, allowed, fix });
}
