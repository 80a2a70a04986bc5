import { Console } from 'node:console';
import { createHmac, createSecretKey, type Hmac, type KeyObject } from 'node:crypto';
import { EventEmitter } from 'node:events';
import * as fs from 'node:fs';
import * as http2 from 'node:http2';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import type { OnCall, Services } from '../aws/wire';
import type { Cancel, Clock } from '../clock/clock';
import type { Random } from '../engine/random';
import { inProcessHttp } from './in-process-http';
import { type Handler, loadHandler, serialized } from './load-handler.cjs';
import { awslambda, isStreamed, runStreamed } from './response-stream.cjs';
import {
  type CreateSandbox,
  type FunctionDefinition,
  type OnChunk,
  type Reply,
  type Sandbox,
  timedOut,
} from './sandbox';

/** What code of this process's environments reaches: stores, time, chance. */
export interface InProcess {
  readonly clock: Clock;
  readonly services: Services;
  readonly onCall: OnCall;
  readonly random: Random;
  readonly platform: Readonly<Record<string, string>>;
  /** Whether time stands still while a handler runs: it talks to servers by sockets, whose answers no clock knows of. */
  readonly holdsTime?: boolean;
}

/** Names that the code sees instead of Node's own. */
const SHADOWED = [
  ...['exports', 'require', 'module', '__filename', '__dirname', 'importModule', 'process', 'console', 'crypto'],
  ...['Date', 'Math', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'awslambda', 'globalThis'],
] as const;

/** Files are read at once: the engine's time must not pass while the disk works. */
const promises = Object.create(fs.promises, {
  readFile: { value: async (...given: Parameters<typeof fs.readFileSync>) => fs.readFileSync(...given) },
}) as typeof fs.promises;
const FILES = { fs: Object.create(fs, { promises: { value: promises } }) as typeof fs, 'fs/promises': promises };

/**
 * Environments in this process, for tests: the same code on a clock and a chance of the engine's own, so that a run can be
 * repeated to the last draw, and no thread or socket in between.
 */
export function inProcessSandboxes(inProcess: InProcess): CreateSandbox {
  return (definition, log) => new InProcessSandbox(definition, inProcess, log);
}

/** The SDK's clients of streams choose HTTP/2 by themselves; only `node:http` is replaced here. */
const HTTP2 = Object.create(http2, {
  connect: {
    value: () => {
      throw new Error('HTTP/2 is not known here: set requestHandler to new NodeHttpHandler()');
    },
  },
}) as typeof http2;

/** The SDK's signing keys by their bytes: it signs each request with the same array for a day. */
const KEYS = new WeakMap<object, KeyObject>();

/** Node throws and catches two errors inside for each key that is bytes, at the price of all the rest of a signature. */
function hmac(algorithm: string, key: string | Uint8Array | KeyObject, options?: object): Hmac {
  if (!(key instanceof Uint8Array)) return createHmac(algorithm, key, options);
  const known = KEYS.get(key) ?? createSecretKey(key);
  KEYS.set(key, known);
  return createHmac(algorithm, known, options);
}

type Compiled = (...shadowed: unknown[]) => void;

/** Compiled code by what it was compiled from: the next environment of a function need not compile it again. */
const COMPILED = new Map<string, Compiled>();

function compiled(path: string): Compiled {
  // Node has no loader for `import()` in code compiled like this; all that bundles import lazily is Node's own.
  const code = fs.readFileSync(path, 'utf8').replace(/\bimport\(/g, 'importModule(');
  const known = COMPILED.get(code);
  if (known !== undefined) return known;
  const run = compileFunction(code, [...SHADOWED], { filename: path }) as Compiled;
  COMPILED.set(code, run);
  return run;
}

class InProcessSandbox implements Sandbox {
  private alive = true;
  private handler?: Handler;
  private readonly parts = new Map<string, Record<string, unknown>>();
  /** Its own, since code may add to it. */
  private readonly awslambda = { ...awslambda };

  constructor(
    private readonly definition: FunctionDefinition,
    private readonly inProcess: InProcess,
    private readonly log: (line: string) => void,
  ) {}

  async invoke(event: unknown, requestId: string, onChunk?: OnChunk): Promise<Reply> {
    const { clock, holdsTime } = this.inProcess;
    const reply = this.untilLate(event, requestId, onChunk);
    return holdsTime === true ? clock.track(reply) : reply;
  }

  private async untilLate(event: unknown, requestId: string, onChunk?: OnChunk): Promise<Reply> {
    const { definition } = this;
    const { clock } = this.inProcess;
    const deadline = clock.now() + definition.timeout * 1000;
    let cancel: Cancel = () => undefined;
    const late = new Promise<Reply>((resolve) => {
      cancel = clock.after(definition.timeout * 1000, () => {
        this.alive = false;
        resolve(timedOut(definition, requestId));
      });
    });
    const reply = await Promise.race([this.run(event, requestId, deadline, onChunk), late]);
    cancel();
    return reply;
  }

  async load(): Promise<Reply> {
    return this.prepare();
  }

  async stop(): Promise<void> {
    this.alive = false;
  }

  private async run(event: unknown, requestId: string, deadline: number, onChunk?: OnChunk): Promise<Reply> {
    const { name, arn } = this.definition;
    const failure = this.prepare();
    if (this.handler === undefined) return failure;
    try {
      const context = {
        awsRequestId: requestId,
        functionName: name,
        invokedFunctionArn: arn,
        getRemainingTimeInMillis: () => deadline - this.inProcess.clock.now(),
      };
      if (isStreamed(this.handler)) return await this.stream(this.handler, event, context, onChunk);
      return { result: serialized(await this.handler(event, context)) };
    } catch (error) {
      return errorReply(error);
    }
  }

  private async stream(handler: Handler, event: unknown, context: object, onChunk?: OnChunk): Promise<Reply> {
    const chunks: Uint8Array[] = [];
    await runStreamed(handler, event, context, (chunk) => {
      if (this.alive) (onChunk ?? ((kept) => chunks.push(kept)))(chunk);
    });
    return onChunk === undefined ? { result: JSON.stringify(Buffer.concat(chunks).toString()) } : {};
  }

  /** Loads the handler, once. */
  private prepare(): Reply {
    const { folder, handler } = this.definition;
    try {
      this.handler ??= loadHandler(folder, handler, (path) => this.evaluate(path));
      return {};
    } catch (error) {
      return errorReply(error);
    }
  }

  private evaluate(path: string): Record<string, unknown> {
    const { environment, name, logicalId } = this.definition;
    const { platform, services, onCall } = this.inProcess;
    const require = createRequire(path);
    const http = inProcessHttp(services, onCall, () => this.alive);
    const crypto = Object.create(require('node:crypto') as object, {
      randomUUID: { value: () => this.uuid() },
      createHmac: { value: hmac },
    });
    const replaced: Record<string, unknown> = { http, https: http, http2: HTTP2, crypto, ...FILES };
    const load = (id: string): unknown =>
      id.startsWith('.') ? this.part(require.resolve(id)) : (replaced[id.replace(/^node:/, '')] ?? require(id));
    const output = Object.assign(new EventEmitter(), { write: (text: string) => this.write(text) });
    const env = {
      ...environment,
      ...platform,
      AWS_ACCESS_KEY_ID: logicalId,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(this.definition.memory),
    };
    const members = { env, stdout: output, stderr: output, emitWarning: () => undefined };
    const module = { exports: {} };
    const process_ = Object.create(
      process,
      Object.fromEntries(Object.entries(members).map(([key, value]) => [key, { value }])),
    ) as NodeJS.Process;
    const { VirtualDate, chance, timers } = this.globals();
    const [exports, stdio] = [module.exports, new Console({ stdout: process_.stdout, stderr: process_.stderr })];
    compiled(path)(
      ...[exports, load, module, path, dirname(path), async (id: string) => load(id), process_, stdio, crypto],
      ...[VirtualDate, chance, timers.set, timers.clear, timers.setInterval, timers.clear],
      ...[this.awslambda, this.globalThis()],
    );
    return module.exports;
  }

  /** Everyone's, but for what belongs to one environment. */
  private globalThis(): typeof globalThis {
    return new Proxy(globalThis, {
      get: (target, key) => (key === 'awslambda' ? this.awslambda : Reflect.get(target, key)),
    });
  }

  /** A file beside the handler, which is in the same world as it. */
  private part(path: string): Record<string, unknown> {
    const part = this.parts.get(path) ?? this.evaluate(path);
    this.parts.set(path, part);
    return part;
  }

  /** The clock and the chance of the engine as the code knows them. */
  private globals() {
    const { clock, random } = this.inProcess;
    class VirtualDate extends Date {
      constructor(...given: readonly unknown[]) {
        if (given.length === 0) super(clock.now());
        else super(...(given as [number]));
      }
      static override now(): number {
        return clock.now();
      }
    }
    const chance: Math = Object.create(Math, { random: { value: random } }) as Math;
    const set = (run: (...values: unknown[]) => void, ms = 0, ...values: unknown[]) => {
      const cancel = clock.after(ms, () => {
        if (this.alive) run(...values);
      });
      const handle = { cancel, ref: () => handle, unref: () => handle, hasRef: () => true, refresh: () => handle };
      return handle;
    };
    const clear = (handle?: { readonly cancel?: Cancel }) => handle?.cancel?.();
    const setInterval = () => {
      throw new Error('setInterval is not known here');
    };
    return { VirtualDate, chance, timers: { set, clear, setInterval } };
  }

  private write(text: string): boolean {
    for (const line of text.split('\n')) if (line !== '') this.log(line);
    return true;
  }

  /** A random UUID, version 4. */
  private uuid(): string {
    const hex = (digits: number) =>
      Array.from({ length: digits }, () => Math.floor(this.inProcess.random() * 16).toString(16)).join('');
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  }
}

function errorReply(error: unknown): Reply {
  const { name: errorType = 'Error', message = String(error) } = (error ?? {}) as Partial<Error>;
  return { errorType, errorMessage: message };
}
