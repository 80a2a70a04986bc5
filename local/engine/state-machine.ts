import { AwsError, type LocalService } from '../aws/service';
import type { OnCall } from '../aws/wire';
import type { Clock } from '../clock/clock';
import { enforce, exceeds, refused } from '../limits/limit';
import { STEP_FUNCTIONS_LIMITS } from '../limits/step-functions';
import type { Random } from './random';
import { type Definition, readDefinition } from './workflow/definition';
import { RunningExecution } from './workflow/running-execution';

const { rows: LIMITS } = STEP_FUNCTIONS_LIMITS;

/** How an execution ended. */
export interface Execution {
  readonly name: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  /** The states that it entered, in order. */
  readonly path: readonly string[];
  readonly error?: string;
}

/** What a state machine needs from outside. */
export interface MachineContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly dynamodb: LocalService;
  /** May refuse a call, as a throttled table does. */
  readonly onCall: OnCall;
}

/** Characters that no name of an execution may have (docs.aws.amazon.com/step-functions: API_StartExecution). */
const NOT_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;

/** Runs executions of a Standard workflow against the stores. */
export class LocalStateMachine {
  private readonly definition: Definition;
  readonly executions: Execution[] = [];
  private readonly names = new Set<string>();

  /** @throws for a definition that AWS refuses, or that is not known here */
  constructor(
    readonly arn: string,
    definition: string,
    private readonly context: MachineContext,
  ) {
    this.definition = readDefinition(arn, definition);
  }

  /**
   * Starts an execution. A name that ran before is the same execution (AWS: StartExecution, Standard).
   *
   * @returns its end; undefined when it had run before
   * @throws AwsError for a name or an input that StartExecution refuses
   */
  start(name: string, input: unknown): Promise<Execution> | undefined {
    enforce(LIMITS.executionName, name.length);
    if (NOT_IN_NAMES.test(name)) throw refused(LIMITS.executionNameCharacters);
    const text: string | undefined = JSON.stringify(input);
    if (text === undefined) throw new AwsError('InvalidExecutionInput', 'The input is no JSON');
    if (exceeds(LIMITS.executionInput, Buffer.byteLength(text))) throw refused(LIMITS.executionInput);
    if (this.names.has(name)) return undefined;
    this.names.add(name);
    return this.run(name, input);
  }

  /** Starts an execution, and runs it to its end. */
  async execute(name: string, input: unknown): Promise<Execution | undefined> {
    return this.start(name, input);
  }

  private async run(name: string, input: unknown): Promise<Execution> {
    const execution = await new RunningExecution(this.arn, this.definition, this.context, name, input).run();
    this.executions.push(execution);
    return execution;
  }
}
