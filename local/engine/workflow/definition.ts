import { AwsError } from '../../aws/service';
import { enforce, refused } from '../../limits/limit';
import { STEP_FUNCTIONS_LIMITS } from '../../limits/step-functions';
import { checkExpressions } from './expressions';

const { rows: LIMITS } = STEP_FUNCTIONS_LIMITS;

/** A state machine in the Amazon States Language, JSONata, as far as the engine runs it. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
}

/** What follows a state, and what it leaves. */
export interface Transition {
  readonly Next?: string;
  readonly End?: boolean;
  readonly Output?: unknown;
  readonly Assign?: Readonly<Record<string, unknown>>;
}

/** A call of a service. */
export interface Task extends Transition {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: unknown;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export type State =
  | Task
  | (Transition & { readonly Type: 'Pass' })
  | (Transition & { readonly Type: 'Wait'; readonly Seconds?: unknown; readonly Timestamp?: unknown })
  | (Transition & { readonly Type: 'Choice'; readonly Choices: readonly ChoiceRule[]; readonly Default?: string })
  | { readonly Type: 'Succeed'; readonly Output?: unknown }
  | { readonly Type: 'Fail'; readonly Error?: unknown; readonly Cause?: unknown };

export interface ChoiceRule extends Transition {
  readonly Condition: unknown;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher extends Transition {
  readonly ErrorEquals: readonly string[];
}

/** Fields of each state that is run here; any other is refused by name. */
const FIELDS: Readonly<Record<State['Type'], string>> = {
  Task: 'Resource Arguments TimeoutSeconds Retry Catch Output Assign Next End',
  Pass: 'Output Assign Next End',
  Wait: 'Seconds Timestamp Output Assign Next End',
  Choice: 'Choices Default Output Assign',
  Succeed: 'Output',
  Fail: 'Error Cause',
};
const EVERY_STATE = ['Type', 'Comment', 'QueryLanguage'];

/**
 * Reads a definition.
 *
 * @throws AwsError `InvalidDefinition` for what AWS refuses
 * @throws Error naming the state and the field, for what is not known here
 */
export function readDefinition(arn: string, text: string): Definition {
  enforce(LIMITS.definitionSize, Buffer.byteLength(text));
  const definition = JSON.parse(text) as Definition & { readonly QueryLanguage?: string };
  if (definition.States[definition.StartAt] === undefined) throw invalid(`StartAt: no state ${definition.StartAt}`);
  if (definition.TimeoutSeconds !== undefined) whole(LIMITS.timeoutSeconds, definition.TimeoutSeconds);
  for (const [name, state] of Object.entries(definition.States)) {
    const where = `${arn}: ${name}`;
    enforce(LIMITS.stateName, name.length, `The state name ${name} is too long`);
    const language = (state as { QueryLanguage?: string }).QueryLanguage ?? definition.QueryLanguage;
    if (language !== 'JSONata') throw new Error(`${where} is written in JSONPath, not known here`);
    checkFields(where, state);
    for (const next of successors(state)) {
      if (definition.States[next] === undefined) throw invalid(`${name}: there is no state ${next}`);
    }
    checkExpressions(where, state);
    checkTransitions(name, state);
    if (state.Type === 'Task') checkTask(where, state);
    if (state.Type === 'Wait') checkWait(name, state);
    if (state.Type === 'Choice' && state.Choices.length === 0) throw invalid(`${name} has no Choices`);
  }
  return definition;
}

/** The call of a task, as the API names it; undefined for tasks that are not known here. */
export function actionOf(resource = ''): string | undefined {
  const action = /:states:::aws-sdk:dynamodb:(\w+)$/.exec(resource)?.[1];
  return action === undefined ? undefined : action.charAt(0).toUpperCase() + action.slice(1);
}

function checkFields(where: string, state: State): void {
  const fields = FIELDS[state.Type];
  if (fields === undefined) throw new Error(`${where} is a ${state.Type}, not known here`);
  const known = [...EVERY_STATE, ...fields.split(' ')];
  const unknown = Object.keys(state).find((field) => !known.includes(field));
  if (unknown !== undefined) throw new Error(`${where} has ${unknown}, not known here for a ${state.Type}`);
}

function checkTransitions(name: string, state: State): void {
  if (state.Type === 'Succeed' || state.Type === 'Fail') return;
  if (state.Type !== 'Choice' && (state.Next === undefined) === (state.End === undefined)) {
    throw invalid(`${name} needs either Next or End`);
  }
  for (const { Assign = {} } of transitions(state)) {
    for (const variable of Object.keys(Assign)) {
      enforce(LIMITS.variableName, variable.length, `${name}: the variable ${variable} has a name that is too long`);
      // Unicode identifiers (Step Functions: Passing data between states with variables).
      if (variable === 'states' || !/^\p{ID_Start}\p{ID_Continue}*$/u.test(variable)) {
        throw invalid(`${name}: no variable may be called ${variable}`);
      }
    }
  }
}

function checkTask(where: string, { Resource, TimeoutSeconds, Retry = [], Catch = [] }: Task): void {
  if (actionOf(Resource) === undefined) throw new Error(`${where} calls ${Resource}, not known here`);
  if (TimeoutSeconds !== undefined) whole(LIMITS.timeoutSeconds, TimeoutSeconds);
  for (const { IntervalSeconds = 1, MaxAttempts = 1, BackoffRate = 1, MaxDelaySeconds = 1 } of Retry) {
    whole(LIMITS.intervalSeconds, IntervalSeconds);
    whole(LIMITS.maxAttempts, MaxAttempts);
    enforce(LIMITS.backoffRate, BackoffRate);
    whole(LIMITS.maxDelaySeconds, MaxDelaySeconds);
  }
  for (const list of [Retry, Catch]) {
    for (const [index, { ErrorEquals }] of list.entries()) {
      if (ErrorEquals.length === 0) throw invalid(`${where}: ErrorEquals is empty`);
      const isLast = index === list.length - 1;
      if (ErrorEquals.includes('States.ALL') && (ErrorEquals.length > 1 || !isLast)) throw refused(LIMITS.statesAll);
    }
  }
}

function checkWait(name: string, { Seconds, Timestamp }: State & { readonly Type: 'Wait' }): void {
  if ((Seconds === undefined) === (Timestamp === undefined)) throw invalid(`${name} needs either Seconds or Timestamp`);
  if (typeof Seconds === 'number') whole(LIMITS.waitSeconds, Seconds);
  if (Timestamp !== undefined && typeof Timestamp !== 'string') throw invalid(`${name}: Timestamp is no text`);
}

function whole(limit: Parameters<typeof enforce>[0], value: number): void {
  enforce(limit, Number.isInteger(value) ? value : Number.NaN);
}

function transitions(state: State): readonly Transition[] {
  if (state.Type === 'Task') return [state, ...(state.Catch ?? [])];
  if (state.Type === 'Choice') return [state, ...state.Choices];
  return state.Type === 'Succeed' || state.Type === 'Fail' ? [] : [state];
}

function successors(state: State): string[] {
  const fallback = state.Type === 'Choice' && state.Default !== undefined ? [state.Default] : [];
  return [...fallback, ...transitions(state).flatMap(({ Next }) => Next ?? [])];
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidDefinition', message);
}
