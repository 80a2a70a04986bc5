import type { TemplateResource } from '../../template/template-resource';
import type { Action, Answers } from './aws/answers';
import type { Input } from './aws/operations';
import type { Place } from './place';

/** What came out of a look at an account. */
export interface Answer {
  readonly is: 'ok' | 'will-fail' | 'cannot-tell';
  /** What is there, or what happens, and why. */
  readonly reason: string;
  /** What fixes it. @default - nothing to do */
  readonly commands?: readonly string[];
}

/** What one question may ask: the calls of the doctor in its region, or another. */
export interface Aws {
  call<A extends Action>(action: A, input?: Input, region?: string): Promise<Answers[A]>;
}

/** One thing that templates need of an account. */
export interface Question {
  /** What is looked at, such as `bootstrap stack`. */
  readonly subject: string;
  /** What needs it. */
  readonly resources: readonly TemplateResource[];
  /** Looks. What it throws becomes `cannot tell`. */
  ask(aws: Aws): Promise<Answer>;
}

/** What belongs together: what it needs from templates, then calls, then answers. */
export interface Check {
  /** What it is called in the output. */
  readonly id: string;
  /** The questions that the templates of a place raise; none where they do not need it. */
  questions(place: Place): readonly Question[];
}

/** An answer, and what it is about. */
export interface Verdict extends Answer {
  readonly check: string;
  readonly subject: string;
  readonly account: string;
  readonly region: string;
  /** The stacks that need it, by their names in CloudFormation. */
  readonly stacks: readonly string[];
  readonly resources: readonly TemplateResource[];
}

export function ok(reason: string): Answer {
  return { is: 'ok', reason };
}

export function willFail(reason: string, ...commands: readonly string[]): Answer {
  return { is: 'will-fail', reason, commands };
}

export function cannotTell(reason: string, ...commands: readonly string[]): Answer {
  return { is: 'cannot-tell', reason, ...(commands.length > 0 && { commands }) };
}
