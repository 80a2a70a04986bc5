import type { App } from 'aws-cdk-lib';
import type { Mfa } from 'aws-cdk-lib/aws-cognito';
import type { Command } from '../lib/operations/command';
import type { FirstRequest } from '../lib/operations/try/first-request';
import type { AppContext, ContextKey } from '../lib/stage/context';
import { EMAIL } from '../lib/validation/email';

/** A pattern, as far as the app and the commands need to know it. It loads no construct until its stacks are built. */
export interface Pattern {
  /** What commands call it: the name of its folder. */
  readonly name: string;
  /** Its main stack, which runs locally. */
  readonly stack: string;
  /** What `-c key=value` takes for it. @default - only what every pattern takes */
  readonly contextKeys?: Readonly<Record<string, ContextKey>>;
  /** The ids of all its stacks, in the order of deployment. */
  stacks(context: AppContext): readonly string[];
  /** Adds them to an app. @throws RefusedValueError for a prop that cannot work */
  addStacks(app: App, context: AppContext): Promise<void>;
  /** How it is synthesized to run locally. @default - like any stack of stage dev */
  readonly local?: LocalSynthesis;
  /** What `groundplan <verb> <name>` does with a deployed stack of it. @default - nothing */
  readonly commands?: Readonly<Partial<Record<PatternVerb, () => Promise<Command>>>>;
  /** What `groundplan try` asks a deployed stack of it first. @default - nothing */
  readonly firstRequest?: () => Promise<FirstRequest>;
}

/** Commands that a pattern may have of its own. */
export type PatternVerb = 'load' | 'replay';

/** What a local run changes in the synthesis. */
export interface LocalSynthesis {
  /** A type of resource that is missing where an assembly has the pattern in several stacks. @default - it is always in one */
  readonly mustHave?: string;
  /** More context. @default - none */
  readonly context?: Readonly<Record<string, string>>;
  /** Adds the one stack that runs locally. @default - the pattern's stacks */
  addStack?(app: App, context: AppContext): Promise<void>;
}

/** The sender of mail to users, which several patterns take. */
export const MAIL_FROM: ContextKey = { shape: EMAIL, allowed: 'an e-mail address at a domain that SES has verified' };

/** Mail domains that may sign up, which every pattern with users takes. */
export const MAIL_DOMAINS: ContextKey = {
  shape: /^[^\s,]+(,[^\s,]+)*$/,
  allowed: 'mail domains separated by commas, such as example.com,example.org',
};

/** Whether users sign in with a second factor, which every pattern with users takes. */
export const MFA: ContextKey = { shape: /^(off|optional|required)$/, allowed: 'off, optional or required' };

/** The same as the CDK has it. */
export async function mfaFrom(mfa: string | undefined): Promise<Mfa | undefined> {
  if (mfa === undefined) return undefined;
  const { Mfa: choices } = await import('aws-cdk-lib/aws-cognito');
  return { off: choices.OFF, optional: choices.OPTIONAL, required: choices.REQUIRED }[mfa];
}

/** Who may make an account: in every stage, who has an address of the domains that the context names. */
export function signUpFrom(mailDomains: string | undefined): {
  readonly selfSignUp?: boolean;
  readonly allowedEmailDomains?: readonly string[];
} {
  return mailDomains === undefined ? {} : { selfSignUp: true, allowedEmailDomains: mailDomains.split(',') };
}

/**
 * The region of a stack with a site when no one names one: CloudFront needs it by name. `cdk deploy` always passes the profile's; a
 * synth without credentials does not.
 */
export const REGION_FOR_SYNTH = 'us-east-1';

/** The stacks of a pattern whose main stack has a site: one more, where it is elsewhere than CloudFront's own part. */
export function withEdgeStack(stacks: readonly string[], main: string, { env }: AppContext): readonly string[] {
  const region = env.region ?? REGION_FOR_SYNTH;
  return region === REGION_FOR_SYNTH ? stacks : [`${main}Edge`, ...stacks];
}
