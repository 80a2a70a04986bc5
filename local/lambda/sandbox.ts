/** A function as the template defines it, with its code on disk. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Logical id in the template. */
  readonly logicalId: string;
  /** What people call it. */
  readonly service: string;
  readonly folder: string;
  /** Name of its log group. */
  readonly logGroup?: string;
  /** `file.export`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
  /** Megabytes. */
  readonly memory: number;
  /** Concurrency that is set aside for it, and that it cannot exceed. @default - what the account has left */
  readonly reservedConcurrency?: number;
}

/** What an invocation gives: a result as JSON, or an error as Lambda reports it. */
export interface Reply {
  readonly result?: string;
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/** Gets what a handler that streams writes, as it is written. */
export type OnChunk = (chunk: Uint8Array) => void;

/** An execution environment: loads the code once and handles one event at a time. */
export interface Sandbox {
  /** @param onChunk for what streams; its reply has no result then. @default - all that it writes is the result, as text */
  invoke(event: unknown, requestId: string, onChunk?: OnChunk): Promise<Reply>;
  /** Loads the code, unless an invocation has. */
  load(): Promise<Reply>;
  stop(): Promise<void>;
}

/** Makes execution environments; `log` gets each line that the code writes. */
export type CreateSandbox = (definition: FunctionDefinition, log: (line: string) => void) => Sandbox;

/** An invocation that was cut off (docs.aws.amazon.com/lambda: configuration-timeout). */
export function timedOut({ timeout }: FunctionDefinition, requestId: string): Reply {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeout.toFixed(2)} seconds`,
  };
}

/** An environment that died under an invocation (docs.aws.amazon.com/lambda: troubleshooting-invocation). */
export function exited(requestId: string, reason: string): Reply {
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${reason}` };
}

/** Whether Lambda replaces the environment after such a reply: it timed out, died or could not load the code. */
export function endsEnvironment({ errorType = '' }: Reply): boolean {
  return errorType.startsWith('Sandbox.') || errorType.startsWith('Runtime.');
}
