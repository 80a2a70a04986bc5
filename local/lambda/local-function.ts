import { type Clock, sleep } from '../clock/clock';
import { Failure } from '../engine/failure';
import type { Faults } from '../engine/faults';
import type { Random } from '../engine/random';
import { LAMBDA_LIMITS } from '../limits/lambda';
import { exceeds, type Limit, refused } from '../limits/limit';
import type { LocalMetrics } from '../monitoring/metrics';
import type { AccountConcurrency } from './concurrency';
import {
  type CreateSandbox,
  endsEnvironment,
  exited,
  type FunctionDefinition,
  type OnChunk,
  type Reply,
  type Sandbox,
} from './sandbox';

const LIMITS = LAMBDA_LIMITS.rows;

/** Thrown for an invocation that the function did not answer: it threw, died, or was cut off at its timeout. */
export class FunctionError extends Failure {
  constructor(
    readonly errorType: string,
    message: string,
  ) {
    super(message);
    this.name = errorType;
  }
}

/** Thrown for an invocation that found no concurrency left; the function did not run. */
export class ThrottledError extends Failure {
  override readonly name = refused(LIMITS.concurrency).code;
}

/** Thrown for an invocation whose payload is too large; the function did not run. */
export class PayloadTooLargeError extends Failure {
  override readonly name = refused(LIMITS.payload).code;
}

/** What functions share. */
export interface FunctionContext {
  readonly clock: Clock;
  readonly createSandbox: CreateSandbox;
  readonly concurrency: AccountConcurrency;
  readonly metrics: LocalMetrics;
  readonly faults: Faults;
  readonly random: Random;
  /** Environments that a function may have at once; further invocations wait for one. */
  readonly environments: number;
  readonly log: (definition: FunctionDefinition, line: string) => void;
}

/** A function: environments with the template's variables, each with one invocation at a time. */
export class LocalFunction {
  private readonly idle: Sandbox[] = [];
  private readonly busy = new Set<Sandbox>();
  private readonly waiting: ((sandbox: Sandbox) => void)[] = [];
  private count = 0;
  /** Lines that the function logged, but for its metrics. */
  readonly log: string[] = [];

  constructor(
    public definition: FunctionDefinition,
    private readonly context: FunctionContext,
  ) {}

  /**
   * Invokes the function and waits for its answer.
   *
   * @throws FunctionError when there is none
   * @throws PayloadTooLargeError for an event that Lambda does not accept
   * @throws ThrottledError when its reserved concurrency, or what the account has left, is used up
   */
  async invoke(event: unknown): Promise<unknown> {
    const result = await this.perform(event);
    return result === undefined ? undefined : JSON.parse(result);
  }

  /**
   * Invokes the function and hands its answer on while it is made, that of a handler which does not stream as a whole
   * (docs.aws.amazon.com/lambda: API_InvokeWithResponseStream).
   *
   * @throws FunctionError when it fails, at the beginning or later
   * @throws PayloadTooLargeError for an event that Lambda does not accept
   * @throws ThrottledError when its reserved concurrency, or what the account has left, is used up
   */
  async stream(event: unknown, onChunk: OnChunk): Promise<void> {
    const { max } = LIMITS.streamedAnswer;
    let bytes = 0;
    const result = await this.perform(event, (chunk) => {
      bytes += chunk.length;
      if (bytes <= max) onChunk(chunk);
    });
    if (bytes > max) throw tooLarge(LIMITS.streamedAnswer);
    if (result !== undefined) onChunk(Buffer.from(result));
  }

  private async perform(event: unknown, onChunk?: OnChunk): Promise<string | undefined> {
    const { concurrency, clock } = this.context;
    const { definition } = this;
    const payload = JSON.stringify(event) ?? 'null';
    const bytes = Buffer.byteLength(payload);
    if (exceeds(LIMITS.payload, bytes)) {
      const most = `(limit ${LIMITS.payload.max} bytes)`;
      throw new PayloadTooLargeError(
        `${bytes} byte payload is too large for the RequestResponse invocation type ${most}`,
      );
    }
    if (this.drawn('invocationThrottles') || !concurrency.take(definition)) {
      this.measure('Throttles', 1);
      throw new ThrottledError('Rate Exceeded.');
    }
    const begun = clock.now();
    try {
      const { result, errorType, errorMessage } = await this.run(payload, onChunk);
      this.measure('Errors', errorType === undefined ? 0 : 1);
      if (errorType !== undefined) {
        this.context.log(definition, errorLine({ errorType, errorMessage }));
        throw new FunctionError(errorType, errorMessage ?? '');
      }
      return result;
    } finally {
      this.measure('Invocations', 1);
      this.measure('Duration', clock.now() - begun);
      concurrency.give(definition);
    }
  }

  /** Loads the code into an environment. @throws Error that names what is wrong with it */
  async load(): Promise<void> {
    const sandbox = await this.environment();
    const { errorType, errorMessage } = await sandbox.load();
    if (errorType === undefined) return this.release(sandbox);
    await this.discard(sandbox);
    throw new Error(`The handler of ${this.definition.service} cannot be loaded: ${errorType}: ${errorMessage}`);
  }

  /** Runs other code from the next invocation on. */
  async replaceCode(folder: string): Promise<void> {
    this.definition = { ...this.definition, folder };
    await Promise.all(this.idle.splice(0).map((sandbox) => sandbox.stop()));
  }

  /** Ends every environment. */
  async stop(): Promise<void> {
    await Promise.all([...this.idle.splice(0), ...this.busy].map((sandbox) => sandbox.stop()));
  }

  private async run(payload: string, onChunk?: OnChunk): Promise<Reply> {
    const { clock, faults, random } = this.context;
    this.count += 1;
    const requestId = `${this.definition.name}-${this.count}`;
    const [from, to] = faults.latencyMs ?? [0, 0];
    const slow = this.drawn('slow') ? this.definition.timeout * 1000 * random() : 0;
    const delay = from + random() * (to - from) + slow;
    if (this.drawn('crashBeforeEffect')) return exited(requestId, 'Runtime exited with error: signal: killed');
    if (faults.outage?.(this.definition, clock.now()) === true) {
      return { errorType: 'Error', errorMessage: 'A dependency is down' };
    }
    const lost = this.drawn('crashAfterEffect');
    const folder = this.definition.folder;
    const sandbox = await this.environment();
    // What Lambda hands over has been through JSON.
    const reply = await sandbox.invoke(JSON.parse(payload), requestId, onChunk);
    // Lambda replaces an environment that timed out or died; new code gets a new one.
    if (lost || endsEnvironment(reply) || folder !== this.definition.folder) await this.discard(sandbox);
    else this.release(sandbox);
    // The environment could be kept for as long; one that others warm up is many times as fast.
    if (delay > 0) await sleep(clock, Math.min(delay, this.definition.timeout * 1000));
    return lost ? exited(requestId, 'Runtime exited with error: signal: killed') : withinAnswer(reply);
  }

  private drawn(fault: 'crashBeforeEffect' | 'crashAfterEffect' | 'slow' | 'invocationThrottles'): boolean {
    const { [fault]: probability, services } = this.context.faults;
    const ailing = fault === 'slow' || fault === 'invocationThrottles';
    if (ailing && services !== undefined && !services.includes(this.definition.service)) return false;
    return probability !== undefined && this.context.random() < probability;
  }

  private measure(name: string, value: number): void {
    this.context.metrics.put('AWS/Lambda', name, { FunctionName: this.definition.name }, value);
  }

  private async environment(): Promise<Sandbox> {
    const sandbox =
      this.idle.pop() ??
      (this.busy.size < this.context.environments
        ? this.create()
        : await new Promise<Sandbox>((ready) => {
            this.waiting.push(ready);
          }));
    this.busy.add(sandbox);
    return sandbox;
  }

  private create(): Sandbox {
    const { createSandbox, metrics, log } = this.context;
    return createSandbox(this.definition, (line) => {
      if (metrics.readEmbedded(line)) return;
      this.log.push(line);
      log(this.definition, line);
    });
  }

  private release(sandbox: Sandbox): void {
    this.busy.delete(sandbox);
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(sandbox);
    else next(sandbox);
  }

  private async discard(sandbox: Sandbox): Promise<void> {
    this.busy.delete(sandbox);
    this.waiting.shift()?.(this.create());
    await sandbox.stop();
  }
}

/** A reply as Lambda lets it through: an answer that is too large becomes an error. */
function withinAnswer(reply: Reply): Reply {
  if (!exceeds(LIMITS.answer, Buffer.byteLength(reply.result ?? ''))) return reply;
  const { errorType, message } = tooLarge(LIMITS.answer);
  return { errorType, errorMessage: message };
}

function tooLarge({ error, max }: Pick<Limit, 'error' | 'max'>): FunctionError {
  return new FunctionError(
    String(error),
    `Response payload size exceeded maximum allowed payload size (${max} bytes).`,
  );
}

/**
 * What the log says of an invocation that failed. An error that a handler throws is a line of the runtime at level ERROR, as every
 * function here logs in JSON (docs.aws.amazon.com/lambda: monitoring-cloudwatchlogs-logformat); what ends the environment is not.
 */
function errorLine(reply: Reply): string {
  const { errorType, errorMessage } = reply;
  if (endsEnvironment(reply)) return `ERROR ${errorType}: ${errorMessage}`;
  return JSON.stringify({ level: 'ERROR', message: { errorType, errorMessage } });
}
