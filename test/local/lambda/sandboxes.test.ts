import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import { WallClock } from '../../../local/clock/wall-clock';
import { seededRandom } from '../../../local/engine/random';
import { inProcessSandboxes } from '../../../local/lambda/in-process-sandbox';
import type { Sandbox } from '../../../local/lambda/sandbox';
import { threadSandboxes } from '../../../local/lambda/thread-sandbox';
import { expectEventually } from '../../fixtures/eventually';
import { DEFINITION } from '../engine/engine-fixture';

let folder: string;
let lines: string[];
let sandbox: Sandbox | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-sandbox-'));
  lines = [];
});
afterEach(async () => {
  await sandbox?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const KINDS = ['threads', 'process'] as const;

/** An environment with some code, and a clock to wait on. */
function start(kind: (typeof KINDS)[number], code: string, timeout = 30, memory = 128) {
  writeFileSync(join(folder, 'index.js'), code);
  const definition = { ...DEFINITION, folder, timeout, memory, environment: { COLOUR: 'green' } };
  const log = (line: string) => {
    lines.push(line);
  };
  const platform = { AWS_REGION: 'eu-west-1' };
  if (kind === 'threads') {
    const clock = new WallClock();
    const started = threadSandboxes(clock, platform)(definition, log);
    sandbox = started;
    return { invoke: (event: unknown) => started.invoke(event, 'r-1'), load: () => started.load() };
  }
  const clock = new VirtualClock();
  const inProcess = { clock, services: {}, onCall: () => undefined, random: seededRandom(1), platform };
  const started = inProcessSandboxes(inProcess)(definition, log);
  sandbox = started;
  return {
    invoke: (event: unknown) => clock.during(started.invoke(event, 'r-1')),
    load: () => clock.during(started.load()),
  };
}

describe.each(KINDS)('an environment in %s', (kind) => {
  it('has the environment of the template and of Lambda, and nothing of ours', async () => {
    const code = `exports.handler = async (event, context) => ({
      event, colour: process.env.COLOUR, home: process.env.HOME, memory: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE, name: process.env.AWS_LAMBDA_FUNCTION_NAME,
      id: context.awsRequestId, left: context.getRemainingTimeInMillis() > 29000 });`;
    const { result = '' } = await start(kind, code).invoke({ a: 1 });
    expect(JSON.parse(result)).toEqual({
      event: { a: 1 },
      colour: 'green',
      memory: '128',
      name: 'work',
      id: 'r-1',
      left: true,
    });
  });

  it('keeps what the code keeps between invocations, and hands its lines on', async () => {
    const code = 'let n = 0; exports.handler = async () => { n += 1; console.log("line", n); return n; };';
    const { invoke } = start(kind, code);
    expect([(await invoke({})).result, (await invoke({})).result]).toEqual(['1', '2']);
    await new Promise((done) => setTimeout(done, 50));
    expect(lines).toEqual(['line 1', 'line 2']);
  });

  it('reads a file beside the handler on first use, once, into the same world', async () => {
    const part = 'let n = 0; exports.look = () => { n += 1; console.log("part"); return [process.env.COLOUR, n]; };';
    writeFileSync(join(folder, 'part.lazy.js'), part);
    const code = 'exports.handler = async () => (await import("./part.lazy.js")).look();';
    const { invoke } = start(kind, code);
    expect([(await invoke({})).result, (await invoke({})).result]).toEqual(['["green",1]', '["green",2]']);
    await expectEventually(() => lines).toEqual(['part', 'part']);
  });

  it('reports what the handler throws by its name', async () => {
    const { invoke } = start(kind, 'exports.handler = async () => { throw new TypeError("wrong"); };');
    expect(await invoke({})).toMatchObject({ errorType: 'TypeError', errorMessage: 'wrong' });
  });

  it('is cut off at its timeout as Lambda says it', async () => {
    const { invoke } = start(kind, 'exports.handler = () => new Promise((done) => setTimeout(done, 60000));', 1);
    expect(await invoke({})).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: r-1 Error: Task timed out after 1.00 seconds',
    });
  });

  it.each([
    ['Runtime.UserCodeSyntaxError', 'const = 1;'],
    ['Runtime.ImportModuleError', 'throw new Error("at import");'],
    ['Runtime.ImportModuleError', 'require("./not-there");'],
    ['Runtime.HandlerNotFound', 'exports.other = 1;'],
  ])('names %s before anything runs', async (errorType, code) => {
    expect(await start(kind, code).load()).toMatchObject({ errorType });
  });
});

describe('an environment in threads', () => {
  it('reports its own death', async () => {
    const { invoke } = start('threads', 'exports.handler = () => process.exit(3);');
    expect(await invoke({})).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: 'RequestId: r-1 Error: Runtime exited with error: exit status 3',
    });
  });
});

describe('an environment in threads that needs more memory than it has', () => {
  it('is killed, as Lambda kills it', async () => {
    const code =
      'exports.handler = () => { const all = []; for (;;) all.push(new Array(100000).fill(Math.random())); };';
    const { invoke } = start('threads', code, 30, 16);
    expect(await invoke({})).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: 'RequestId: r-1 Error: Runtime exited with error: signal: killed',
    });
  });
});

describe('an environment in this process', () => {
  it('lives in virtual time and on seeded chance', async () => {
    const code = `exports.handler = async () => {
      const before = Date.now();
      await new Promise((done) => setTimeout(done, 20000));
      return [Date.now() - before, new Date().getFullYear(), Math.random(), require('node:crypto').randomUUID()];
    };`;
    const { result = '' } = await start('process', code).invoke({});
    const again = await start('process', code).invoke({});
    expect(JSON.parse(result).slice(0, 2)).toEqual([20_000, 2026]);
    expect(again.result).toBe(result);
  });
});
