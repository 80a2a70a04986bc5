import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import type { LocalDynamoDb } from '../aws/dynamodb/store';
import { unsupported } from '../aws/input';
import { AwsError, type LocalInput } from '../aws/service';

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
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts?: number }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly Output?: unknown;
  }[];
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

/** Runs executions of a Standard workflow against the local stores. Retries are made at once. */
export class LocalStateMachine {
  private readonly definition: Definition;
  readonly executions: Execution[] = [];
  private readonly names = new Set<string>();

  constructor(
    readonly arn: string,
    definition: string,
    private readonly dynamodb: LocalDynamoDb,
    /** May refuse a call, as a throttled table does. */
    private readonly onCall: (action: string, input: LocalInput) => void,
  ) {
    this.definition = JSON.parse(definition) as Definition;
  }

  /** Runs an execution to its end. A name that ran before is the same execution (AWS: StartExecution, Standard). */
  async execute(name: string, input: unknown): Promise<void> {
    if (this.names.has(name)) return;
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
        this.executions.push({ name, status: 'FAILED', path, error: state.Error });
        return;
      }
      if (state.Type === 'Succeed') break;
      if (state.Type !== 'Task') throw unsupported(`the state type ${String(state.Type)}`);
      [at, data] = await this.task(state, data, execution);
    }
    this.executions.push({ name, status: 'SUCCEEDED', path });
  }

  private async task(state: State, input: unknown, Execution: object): Promise<[string | undefined, unknown]> {
    const states: Record<string, unknown> = { input, context: { Execution } };
    try {
      const request = (await evaluate(state.Arguments, states)) as LocalInput;
      states['result'] = this.perform(state, request);
      const output = state.Output === undefined ? states['result'] : await evaluate(state.Output, states);
      return [state.End === true ? undefined : state.Next, output];
    } catch (error) {
      const name = error instanceof AwsError ? `DynamoDb.${exceptionName(error.code)}` : 'States.QueryEvaluationError';
      if (!(error instanceof AwsError) && !(error instanceof StateError)) throw error;
      const caught = state.Catch?.find(({ ErrorEquals }) => covers(ErrorEquals, name));
      if (caught === undefined) throw error;
      states['errorOutput'] = { Error: name, Cause: error.message };
      // Without an Output the next state gets the error alone (ASL specification: Catch).
      const output = caught.Output === undefined ? states['errorOutput'] : await evaluate(caught.Output, states);
      return [caught.Next, output];
    }
  }

  private perform(state: State, request: LocalInput): LocalInput {
    const [, action] = /:states:::aws-sdk:dynamodb:(\w+)$/.exec(state.Resource ?? '') ?? [];
    if (action === undefined) throw unsupported(`the task resource ${state.Resource}`);
    const name = action.charAt(0).toUpperCase() + action.slice(1);
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.onCall(name, request);
        return this.dynamodb.call(name, request);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const code = `DynamoDb.${exceptionName(error.code)}`;
        const retry = state.Retry?.find(({ ErrorEquals }) => covers(ErrorEquals, code));
        if (attempt >= (retry?.MaxAttempts ?? 0)) throw error;
      }
    }
  }
}

/** Error names of SDK integrations end in `Exception` (Step Functions: AWS SDK service integrations). */
function exceptionName(code: string): string {
  return code.endsWith('Exception') ? code : `${code}Exception`;
}

function covers(names: readonly string[], error: string): boolean {
  return names.some((name) => name === 'States.ALL' || name === error);
}

/** Evaluates `{% %}` expressions wherever they stand in a value. */
async function evaluate(value: unknown, states: Readonly<Record<string, unknown>>): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((member) => evaluate(member, states)));
  if (typeof value === 'object' && value !== null) {
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, child]) => [key, await evaluate(child, states)] as const),
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
  const result: unknown = await expression.evaluate({}, { states });
  // Step Functions fails a state whose expression gives nothing (States.QueryEvaluationError).
  if (result === undefined) throw new StateError(`The expression ${source} gave nothing`);
  return result;
}

/** Step Functions' own addition to JSONata. */
function hash(text: string, algorithm: string): string {
  return createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex');
}
