import type { Environment } from 'aws-cdk-lib';
import type { Node } from 'constructs';
import { RefusedValueError } from '../validation/refuse';
import { STAGE_NAMES, type StageName, type StageSettings, stages } from './stage';

/** What `-c key=value` decides for an app of this project. */
export interface AppContext {
  readonly stage: StageSettings;
  /** @default - no subscription: someone has to subscribe to the alarm topic */
  readonly alarmEmail?: string;
  readonly env: Environment;
  /** Whether the data pipeline has a warehouse. @default false */
  readonly warehouse: boolean;
  /** What runs the web app. @default 'lambda' */
  readonly compute: 'lambda' | 'fargate';
  /** Where the GenAI pattern keeps its vectors. @default - what its stage says */
  readonly vectorStore?: 's3-vectors' | 'opensearch';
  /** Sender address of e-mail to users. @default - Cognito's sender; for the web app prod asks at deployment */
  readonly mailFrom?: string;
}

const KEYS = [
  'stage',
  'alarmEmail',
  'region',
  'account',
  'accountConcurrency',
  'warehouse',
  'compute',
  'vectorStore',
  'mailFrom',
] as const;

/** Keys that the CDK, its libraries and its CLI put into the context themselves. */
const CDK_KEY =
  /^(@aws-cdk|@aws-cdk-containers|aws:|cdk-|aws-cdk|availability-zones:|ssm:|vpc-provider:|hosted-zone:|ami:|endpoint-service|load-balancer|security-group|key-provider:|cc-api-provider:|tree|acknowledged-issue-numbers|cli-telemetry)/;

/**
 * Reads the app's context.
 *
 * @throws RefusedValueError for an unknown key, an unknown stage, or an e-mail, region or account that cannot be one.
 */
export function readContext(node: Node, environment: NodeJS.ProcessEnv = process.env): AppContext {
  const context = node.getAllContext() as Record<string, unknown>;
  for (const key of Object.keys(context)) {
    if (!(KEYS as readonly string[]).includes(key) && !CDK_KEY.test(key)) {
      reject(
        `context key ${key}`,
        context[key],
        `the keys ${KEYS.join(', ')}`,
        `remove -c ${key}, or correct its spelling`,
      );
    }
  }
  const text = (key: (typeof KEYS)[number], shape: RegExp, allowed: string): string | undefined => {
    const value: unknown = context[key];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && shape.test(value)) return value;
    return reject(`context ${key}`, value, allowed, `pass -c ${key}=<value> in that form`);
  };

  const name = text('stage', new RegExp(`^(${STAGE_NAMES.join('|')})$`), STAGE_NAMES.join(', ')) ?? 'dev';
  const alarmEmail = text('alarmEmail', EMAIL, 'an e-mail address');
  const account = text('account', /^\d{12}$/, 'an account id of 12 digits') ?? environment['CDK_DEFAULT_ACCOUNT'];
  const region =
    text('region', /^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as eu-west-1') ?? environment['CDK_DEFAULT_REGION'];
  const pool = text('accountConcurrency', /^\d{1,6}$/, 'the Lambda concurrency quota of the account, a whole number');
  const warehouse = text('warehouse', /^(true|false)$/, 'true or false') === 'true';
  const compute = text('compute', /^(lambda|fargate)$/, 'lambda or fargate') === 'fargate' ? 'fargate' : 'lambda';
  const vectorStore = text('vectorStore', /^(s3-vectors|opensearch)$/, 's3-vectors or opensearch');
  const mailFrom = text('mailFrom', EMAIL, 'an e-mail address at a domain that SES has verified');
  const stage = stages[name as StageName];
  return {
    stage: pool === undefined ? stage : { ...stage, accountConcurrency: Number(pool) },
    alarmEmail,
    env: { account, region },
    warehouse,
    compute,
    vectorStore: vectorStore as AppContext['vectorStore'],
    mailFrom,
  };
}

/** A plausible e-mail address: one @ between a name and a domain with a dot. */
export const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

function reject(prop: string, value: unknown, allowed: string, fix: string): never {
  throw new RefusedValueError('', { prop, value, allowed, fix });
}
