import { AwsError, type LocalInput } from '../../aws/service';
import { sleep } from '../../clock/clock';
import { exceeds } from '../../limits/limit';
import { STEP_FUNCTIONS_LIMITS } from '../../limits/step-functions';
import type { Execution, MachineContext } from '../state-machine';
import { actionOf, type Definition, type State, type Task, type Transition } from './definition';
import { evaluate, type Scope } from './expressions';
import { Retries } from './retries';
import { beyond, covers, StateError, serviceError } from './state-error';
import { Variables } from './variables';

const { rows: LIMITS } = STEP_FUNCTIONS_LIMITS;

/** Events of the history (docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html). */
const EVENTS = { started: 1, ended: 1, entered: 1, exited: 1, attempt: 3 };

/** The time that the state machine's own TimeoutSeconds allows is over: no Retry and no Catch of a state takes it. */
class ExecutionTimedOut extends Error {}

/** Where a state leads, and with what; `next` is undefined at the end. */
interface Step {
  readonly next?: string;
  readonly data: unknown;
}

/** One execution of a workflow. */
export class RunningExecution {
  private readonly path: string[] = [];
  private readonly variables = new Variables();
  private readonly context: Readonly<Record<string, unknown>>;
  private readonly deadline: number;
  private events = EVENTS.started;
  /** What was found to be small enough; states hand on the same object again and again. */
  private readonly measured = new WeakSet<object>();

  constructor(
    private readonly arn: string,
    private readonly definition: Definition,
    private readonly machineContext: MachineContext,
    private readonly name: string,
    private readonly input: unknown,
  ) {
    const now = machineContext.clock.now();
    const Id = `${arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const Execution = { Id, Name: name, Input: input, StartTime: new Date(now).toISOString(), RedriveCount: 0 };
    this.context = { Execution, StateMachine: { Id: arn, Name: arn.split(':').pop() } };
    const { TimeoutSeconds = LIMITS.executionTime.max } = definition;
    this.deadline = now + Math.min(TimeoutSeconds, LIMITS.executionTime.max) * 1000;
  }

  async run(): Promise<Execution> {
    const { name, path } = this;
    try {
      let at: Step = { next: this.definition.StartAt, data: this.input };
      while (at.next !== undefined) at = await this.enter(at.next, at.data);
      this.count(EVENTS.ended);
      return { name, status: 'SUCCEEDED', path };
    } catch (error) {
      if (error instanceof ExecutionTimedOut) {
        return { name, status: 'TIMED_OUT', path, error: LIMITS.executionTime.error };
      }
      if (!(error instanceof StateError)) throw error;
      return { name, status: 'FAILED', path, error: error.error };
    }
  }

  private async enter(stateName: string, input: unknown): Promise<Step> {
    const state = this.definition.States[stateName];
    if (state === undefined) throw new Error(`The state machine has no state ${stateName}`);
    this.path.push(stateName);
    this.count(EVENTS.entered);
    const entered = { Name: stateName, EnteredTime: new Date(this.machineContext.clock.now()).toISOString() };
    const scope = (retries = 0, more: Readonly<Record<string, unknown>> = {}): Scope => ({
      states: { input, context: { ...this.context, State: { ...entered, RetryCount: retries } }, ...more },
      variables: this.variables.values,
      now: () => this.machineContext.clock.now(),
    });
    const step = await this.step(state, input, scope);
    this.count(EVENTS.exited);
    return step;
  }

  private async step(state: State, input: unknown, scope: ScopeOf): Promise<Step> {
    switch (state.Type) {
      case 'Task':
        return this.task(state, scope);
      case 'Pass':
        return this.leave(state, input, scope());
      case 'Wait':
        await this.wait(state, scope());
        return this.leave(state, input, scope());
      case 'Choice': {
        for (const rule of state.Choices) {
          const holds = await evaluate(rule.Condition, scope());
          if (typeof holds !== 'boolean')
            throw new StateError('States.QueryEvaluationError', 'A Condition is no boolean');
          if (holds) return this.leave(rule, input, scope());
        }
        if (state.Default === undefined) throw new StateError('States.NoChoiceMatched', 'No Condition holds');
        return this.leave({ ...state, Next: state.Default }, input, scope());
      }
      case 'Succeed':
        return this.leave(state, input, scope());
      case 'Fail': {
        this.count(EVENTS.ended);
        const [error, cause] = await Promise.all([state.Error, state.Cause].map((each) => evaluate(each, scope())));
        throw new StateError(String(error ?? ''), String(cause ?? ''));
      }
    }
  }

  /** Evaluates what a state hands on, and then assigns its variables: its output sees those from before. */
  private async leave({ Next, Output, Assign }: Transition, otherwise: unknown, scope: Scope): Promise<Step> {
    const data = Output === undefined ? otherwise : await evaluate(Output, scope);
    this.measure(data);
    if (Assign !== undefined) this.variables.assign((await evaluate(Assign, scope)) as Record<string, unknown>);
    return { next: Next, data };
  }

  private async wait({ Seconds, Timestamp }: State & { readonly Type: 'Wait' }, scope: Scope): Promise<void> {
    const failed = (why: string) => new StateError('States.QueryEvaluationError', why);
    const now = this.machineContext.clock.now();
    if (Timestamp !== undefined) {
      const text = await evaluate(Timestamp, scope);
      if (typeof text !== 'string' || !RFC3339.test(text)) throw failed(`Timestamp is ${JSON.stringify(text)}`);
      return this.pause(Date.parse(text) - now);
    }
    const seconds = await evaluate(Seconds, scope);
    const limit = LIMITS.evaluatedWaitSeconds;
    if (typeof seconds !== 'number' || !Number.isInteger(seconds) || exceeds(limit, seconds)) {
      throw failed(`Seconds is ${JSON.stringify(seconds)}`);
    }
    return this.pause(seconds * 1000);
  }

  /**
   * Calls a service until it succeeds, or until no retrier takes the error. Arguments are evaluated for each attempt:
   * `$states.context.State.RetryCount` counts, and `$now()` moves on. (AWS's pages do not say so; the other reading would hide
   * a client token whose request changes.)
   */
  private async task(state: Task, scope: ScopeOf): Promise<Step> {
    const retries = new Retries(state.Retry ?? [], this.machineContext.random);
    for (;;) {
      this.count(EVENTS.attempt);
      try {
        const request = state.Arguments === undefined ? {} : await evaluate(state.Arguments, scope(retries.count));
        this.measure(request);
        const result = await this.within(state.TimeoutSeconds, () => this.perform(state, request as LocalInput));
        this.measure(result);
        return await this.leave(state, result, scope(retries.count, { result }));
      } catch (error) {
        const failure = error instanceof AwsError ? serviceError(error, 'local') : error;
        if (!(failure instanceof StateError)) throw failure;
        const wait = retries.waitFor(failure.error);
        if (wait === undefined) return this.caught(state, failure, scope, retries.count);
        await this.pause(wait);
      }
    }
  }

  private async caught(state: Task, failure: StateError, scope: ScopeOf, retries: number): Promise<Step> {
    const catcher = state.Catch?.find(({ ErrorEquals }) => covers(ErrorEquals, failure.error));
    if (catcher === undefined) throw failure;
    const errorOutput = { Error: failure.error, Cause: failure.message };
    // Without an Output the next state gets the error alone (ASL specification: Catch).
    return this.leave(catcher, errorOutput, scope(retries, { errorOutput }));
  }

  private perform({ Resource }: Task, input: LocalInput): LocalInput | Promise<LocalInput> {
    const { dynamodb, onCall } = this.machineContext;
    const action = actionOf(Resource) ?? '';
    onCall({ accessKeyId: this.arn, service: 'dynamodb', action, input });
    return dynamodb.call(action, input);
  }

  /** Waits for a call as long as the state and the execution allow. Its effect may come all the same. */
  private async within<T>(seconds: number | undefined, call: () => T | Promise<T>): Promise<T> {
    const { clock } = this.machineContext;
    const stateEnds = clock.now() + (seconds ?? Number.POSITIVE_INFINITY) * 1000;
    const answer = call();
    if (!(answer instanceof Promise)) return answer;
    return new Promise<T>((done, fail) => {
      const cancel = clock.after(Math.min(stateEnds, this.deadline) - clock.now(), () =>
        fail(
          stateEnds < this.deadline ? new StateError('States.Timeout', 'The task timed out') : new ExecutionTimedOut(),
        ),
      );
      answer.then(done, fail).finally(cancel);
    });
  }

  private async pause(ms: number): Promise<void> {
    const { clock } = this.machineContext;
    const left = this.deadline - clock.now();
    await sleep(clock, Math.max(0, Math.min(ms, left)));
    if (ms >= left) throw new ExecutionTimedOut();
  }

  private count(events: number): void {
    this.events += events;
    if (exceeds(LIMITS.history, this.events)) throw beyond(LIMITS.history);
  }

  private measure(payload: unknown): void {
    if (typeof payload === 'object' && payload !== null) {
      if (this.measured.has(payload)) return;
      this.measured.add(payload);
    }
    if (exceeds(LIMITS.payload, Buffer.byteLength(JSON.stringify(payload) ?? ''))) throw beyond(LIMITS.payload);
  }
}

/** A state's scope at a number of retries, with what only some of its fields see. */
type ScopeOf = (retries?: number, more?: Readonly<Record<string, unknown>>) => Scope;

/** Timestamps of a Wait (docs.aws.amazon.com/step-functions/latest/dg/state-wait.html). */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
