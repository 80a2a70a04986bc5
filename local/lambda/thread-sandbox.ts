import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock/clock';
import {
  type CreateSandbox,
  exited,
  type FunctionDefinition,
  type OnChunk,
  type Reply,
  type Sandbox,
  timedOut,
} from './sandbox';

/** Where the worker's own code lies. */
const WORKER = join(__dirname, 'worker.cjs');

/** Environments in threads of their own: they may hang or die without hurting anyone. */
export function threadSandboxes(clock: Clock, platform: Readonly<Record<string, string>>): CreateSandbox {
  return (definition, log) => new ThreadSandbox(definition, clock, platform, log);
}

class ThreadSandbox implements Sandbox {
  private readonly worker: Worker;
  private count = 0;

  constructor(
    private readonly definition: FunctionDefinition,
    private readonly clock: Clock,
    platform: Readonly<Record<string, string>>,
    log: (line: string) => void,
  ) {
    const { name, arn, logicalId, folder, handler, environment, memory } = definition;
    this.worker = new Worker(WORKER, {
      env: {
        ...environment,
        ...platform,
        AWS_ACCESS_KEY_ID: logicalId,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
        NODE_NO_WARNINGS: '1',
      },
      // Not the loader that the engine itself runs with: it costs each environment more than its handler does.
      execArgv: [],
      workerData: { functionName: name, functionArn: arn, folder, handler },
      // The heap is most of what a function's memory is for.
      resourceLimits: { maxOldGenerationSizeMb: memory },
      stdout: true,
      stderr: true,
    });
    for (const stream of [this.worker.stdout, this.worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n')) if (line !== '') log(line);
      });
    }
  }

  invoke(event: unknown, requestId: string, onChunk?: OnChunk): Promise<Reply> {
    return this.ask(requestId, { event, streams: onChunk !== undefined }, onChunk);
  }

  load(): Promise<Reply> {
    return this.ask('load', { loadOnly: true });
  }

  private ask(
    requestId: string,
    message: { readonly event?: unknown; readonly loadOnly?: boolean; readonly streams?: boolean },
    onChunk?: OnChunk,
  ): Promise<Reply> {
    const { definition, worker, clock } = this;
    this.count += 1;
    const id = this.count;
    return clock.track(
      new Promise<Reply>((resolve) => {
        // The thread really works, so that its time is the machine's.
        const timer = setTimeout(() => settle(timedOut(definition, requestId)), definition.timeout * 1000);
        const onMessage = ({ chunk, ...reply }: Reply & { id: number; chunk?: Uint8Array }) => {
          if (reply.id !== id) return;
          if (chunk === undefined) settle(reply);
          else onChunk?.(chunk);
        };
        // An environment that outgrows its memory is killed; anything else ends the thread, which tells its status.
        const onError = (error: NodeJS.ErrnoException) => {
          const killed = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
          settle(exited(requestId, killed ? 'Runtime exited with error: signal: killed' : error.message));
        };
        const onExit = (code: number) =>
          settle(exited(requestId, `Runtime exited with error: exit status ${String(code)}`));
        const settle = (reply: Reply) => {
          clearTimeout(timer);
          worker.off('message', onMessage).off('error', onError).off('exit', onExit);
          resolve(reply);
        };
        worker.on('message', onMessage).on('error', onError).on('exit', onExit);
        const now = clock.now();
        worker.postMessage({ id, ...message, now, deadline: now + definition.timeout * 1000, requestId });
      }),
    );
  }

  async stop(): Promise<void> {
    // Nothing is handled meanwhile, but the batch of whoever waits for the end of it is still in flight.
    await this.clock.track(this.worker.terminate());
  }
}
