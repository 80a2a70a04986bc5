import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A function as the template defines it, with its code on disk. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly folder: string;
  /** `file.export`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
}

/** Thrown for an invocation that the function did not answer: it threw, or it was cut off at its timeout. */
export class FunctionError extends Error {
  constructor(
    readonly errorType: string,
    message: string,
  ) {
    super(message);
    this.name = errorType;
  }
}

interface Reply {
  readonly id: number;
  readonly result?: string;
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/** Where the bundle of a worker's own code lies, in source as when built. */
const WORKER = join(__dirname, 'worker.cjs');

/** Environments that a function may have at once here; more would only wait for this machine's cores. */
export const MAX_ENVIRONMENTS = 4;

/** A function: threads with the template's environment, each with one invocation at a time, as many as are needed. */
export class LocalFunction {
  private readonly idle: Worker[] = [];
  private readonly waiting: ((worker: Worker) => void)[] = [];
  private environments = 0;
  private count = 0;
  /** Lines that the function logged. */
  readonly log: string[] = [];

  constructor(
    readonly definition: FunctionDefinition,
    /** Variables that Lambda itself sets: region, credentials; here also the endpoint of the local stores. */
    private readonly platform: Readonly<Record<string, string>>,
  ) {}

  /** Invokes the function and waits for its answer. @throws FunctionError when there is none */
  async invoke(event: unknown): Promise<unknown> {
    const worker = await this.environment();
    const { result, errorType, errorMessage } = await this.ask(worker, event);
    // Lambda discards an environment that timed out or died.
    if (errorType?.startsWith('Sandbox') === true || errorType?.startsWith('Runtime') === true)
      await this.discard(worker);
    else this.release(worker);
    if (errorType !== undefined) throw new FunctionError(errorType, errorMessage ?? '');
    return result === undefined ? undefined : JSON.parse(result);
  }

  /** Ends every environment. */
  async stop(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((worker) => worker.terminate()));
  }

  private async environment(): Promise<Worker> {
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    if (this.environments < MAX_ENVIRONMENTS) {
      this.environments += 1;
      return this.start();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private release(worker: Worker): void {
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(worker);
    else next(worker);
  }

  private async discard(worker: Worker): Promise<void> {
    await worker.terminate();
    if (this.waiting.length > 0) this.release(this.start());
    else this.environments -= 1;
  }

  private ask(worker: Worker, event: unknown): Promise<Reply> {
    const { name, timeout } = this.definition;
    this.count += 1;
    const id = this.count;
    return new Promise<Reply>((resolve) => {
      const late = { id, errorType: 'Sandbox.Timedout', errorMessage: `Task timed out after ${timeout} seconds` };
      const timer = setTimeout(() => settle(late), timeout * 1000);
      const onMessage = (reply: Reply) => reply.id === id && settle(reply);
      const onEnd = (reason: unknown) => settle({ id, errorType: 'Runtime.ExitError', errorMessage: String(reason) });
      const settle = (reply: Reply) => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
        resolve(reply);
      };
      worker.on('message', onMessage).on('error', onEnd).on('exit', onEnd);
      worker.postMessage({ id, event, deadline: Date.now() + timeout * 1000, requestId: `${name}-${id}` });
    });
  }

  private start(): Worker {
    const { name, arn, folder, handler, environment } = this.definition;
    const worker = new Worker(WORKER, {
      env: { ...environment, ...this.platform, AWS_LAMBDA_FUNCTION_NAME: name, NODE_NO_WARNINGS: '1' },
      workerData: { functionName: name, functionArn: arn, folder, handler },
      stdout: true,
      stderr: true,
    });
    for (const stream of [worker.stdout, worker.stderr]) {
      stream
        .setEncoding('utf8')
        .on('data', (text: string) => this.log.push(...text.split('\n').filter((line) => line !== '')));
    }
    return worker;
  }
}
