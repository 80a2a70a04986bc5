import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { AwsError, type LocalInput, type LocalService } from '../aws/service';
import type { OnCall } from '../aws/wire';
import { type Clock, sleep } from '../clock/clock';
import type { Random } from './random';

/** A state machine in the Amazon States Language, JSONata, as far as the patterns use it. */
interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

interface State {
  readonly Type: 'Task' | 'Succeed' | 'Fail';
  readonly Next?: string;
  readonly End?: boolean;
  readonly Resource?: string;
  readonly Arguments?: unknown;
  readonly Output?: unknown;
  readonly Error?: string;
  readonly Cause?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly Output?: unknown;
  }[];
}

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

/** How an execution ended. */
export interface Execution {
  readonly name: string;
  readonly status: 'SUCCEEDED' | 'FAILED';
  /** The states that it entered, in order. */
  readonly path: readonly string[];
  readonly error?: string;
}

class StateError extends Error {}

const parsed = new Map<string, ReturnType<typeof jsonata>>();

/** What a state machine needs from outside. */
export interface MachineSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly dynamodb: LocalService;
  /** May refuse a call, as a throttled table does. */
  readonly onCall: OnCall;
}

/** Runs executions of a Standard workflow against the stores. */
export class LocalStateMachine {
  private readonly definition: Definition;
  readonly executions: Execution[] = [];
  private readonly names = new Set<string>();

  constructor(
    readonly arn: string,
    definition: string,
    private readonly surroundings: MachineSurroundings,
  ) {
    this.definition = JSON.parse(definition) as Definition;
    for (const [name, { Type, Resource }] of Object.entries(this.definition.States)) {
      if (!['Task', 'Succeed', 'Fail'].includes(Type)) throw new Error(`${arn}: ${name} is a ${Type}, not known here`);
      if (Type === 'Task' && actionOf(Resource) === undefined) {
        throw new Error(`${arn}: ${name} calls ${Resource}, not known here`);
      }
    }
  }

  /**
   * Runs an execution to its end. A name that ran before is the same execution (AWS: StartExecution, Standard).
   *
   * @returns undefined when it had run before
   */
  async execute(name: string, input: unknown): Promise<Execution | undefined> {
    if (this.names.has(name)) return undefined;
    this.names.add(name);
    const execution = { Id: `${this.arn.replace(':stateMachine:', ':execution:')}:${name}`, Name: name };
    const path: string[] = [];
    let at: string | undefined = this.definition.StartAt;
    let data: unknown = input;
    while (at !== undefined) {
      const state: State | undefined = this.definition.States[at];
      if (state === undefined) throw new Error(`The state machine has no state ${at}`);
      path.push(at);
      if (state.Type === 'Fail') {
        return this.ended({ name, status: 'FAILED', path, error: state.Error });
      }
      if (state.Type === 'Succeed') break;
      try {
        [at, data] = await this.task(state, data, execution);
      } catch (error) {
        if (!(error instanceof AwsError) && !(error instanceof StateError)) throw error;
        const code = error instanceof AwsError ? error.code : 'States.QueryEvaluationError';
        return this.ended({ name, status: 'FAILED', path, error: code });
      }
    }
    return this.ended({ name, status: 'SUCCEEDED', path });
  }

  private ended(execution: Execution): Execution {
    this.executions.push(execution);
    return execution;
  }

  private async task(state: State, input: unknown, Execution: object): Promise<[string | undefined, unknown]> {
    const { clock } = this.surroundings;
    const states: Record<string, unknown> = { input, context: { Execution } };
    try {
      const request = (await evaluate(state.Arguments, states, clock)) as LocalInput;
      states['result'] = await this.perform(state, request);
      const output = state.Output === undefined ? states['result'] : await evaluate(state.Output, states, clock);
      return [state.End === true ? undefined : state.Next, output];
    } catch (error) {
      const name = error instanceof AwsError ? `DynamoDb.${exceptionName(error.code)}` : 'States.QueryEvaluationError';
      if (!(error instanceof AwsError) && !(error instanceof StateError)) throw error;
      const caught = state.Catch?.find(({ ErrorEquals }) => covers(ErrorEquals, name));
      if (caught === undefined) throw error;
      states['errorOutput'] = { Error: name, Cause: error.message };
      // Without an Output the next state gets the error alone (ASL specification: Catch).
      const output = caught.Output === undefined ? states['errorOutput'] : await evaluate(caught.Output, states, clock);
      return [caught.Next, output];
    }
  }

  private async perform(state: State, request: LocalInput): Promise<LocalInput> {
    const { clock, random, dynamodb, onCall } = this.surroundings;
    const name = actionOf(state.Resource) ?? '';
    for (let attempt = 0; ; attempt += 1) {
      try {
        onCall({ accessKeyId: this.arn, service: 'dynamodb', action: name, input: request });
        return await dynamodb.call(name, request);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const code = `DynamoDb.${exceptionName(error.code)}`;
        const retrier = state.Retry?.find(({ ErrorEquals }) => covers(ErrorEquals, code));
        if (retrier === undefined || attempt >= (retrier.MaxAttempts ?? 3)) throw error;
        await sleep(clock, delayMs(retrier, attempt) * (retrier.JitterStrategy === 'FULL' ? random() : 1));
      }
    }
  }
}

/** Wait before a retry, by the defaults of the Amazon States Language specification. */
function delayMs({ IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds }: Retrier, attempt: number): number {
  return Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds ?? Number.POSITIVE_INFINITY) * 1000;
}

/** The call of a task, as the API names it; undefined for tasks that are not known here. */
function actionOf(resource = ''): string | undefined {
  const action = /:states:::aws-sdk:dynamodb:(\w+)$/.exec(resource)?.[1];
  return action === undefined ? undefined : action.charAt(0).toUpperCase() + action.slice(1);
}

/** Error names of SDK integrations end in `Exception` (Step Functions: AWS SDK service integrations). */
function exceptionName(code: string): string {
  return code.endsWith('Exception') ? code : `${code}Exception`;
}

function covers(names: readonly string[], error: string): boolean {
  return names.some((name) => name === 'States.ALL' || name === error);
}

/** Evaluates `{% %}` expressions wherever they stand in a value. */
async function evaluate(value: unknown, states: Readonly<Record<string, unknown>>, clock: Clock): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((member) => evaluate(member, states, clock)));
  if (typeof value === 'object' && value !== null) {
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, child]) => [key, await evaluate(child, states, clock)] as const),
    );
    return Object.fromEntries(entries);
  }
  const [, source] = (typeof value === 'string' ? /^\{%(.*)%\}$/s.exec(value) : null) ?? [];
  if (source === undefined) return value;
  let expression = parsed.get(source);
  if (expression === undefined) {
    expression = jsonata(source);
    expression.registerFunction('hash', hash);
    parsed.set(source, expression);
  }
  const result: unknown = await expression.evaluate(
    {},
    {
      states,
      now: () => new Date(clock.now()).toISOString(),
      millis: () => clock.now(),
    },
  );
  // Step Functions fails a state whose expression gives nothing (States.QueryEvaluationError).
  if (result === undefined) throw new StateError(`The expression ${source} gave nothing`);
  return result;
}

/** Step Functions' own addition to JSONata. */
function hash(text: string, algorithm: string): string {
  return createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex');
}
