import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ToolCall } from '../../../../patterns/genai-rag/contract';
import { invoke } from '../../../../patterns/genai-rag/runtime/invoke-tool.lazy';
import { timeoutsOf } from '../../../lib/runtime/client-timeouts-fixture';

const CALL = { tool: 'points', input: { of: 'ada' } } as unknown as ToolCall;
const { signal } = new AbortController();
let client: LambdaClient | undefined;
let calls: unknown[];
let answer: object;

beforeEach(() => {
  [calls, answer] = [[], {}];
  vi.spyOn(LambdaClient.prototype, 'send').mockImplementation(async function (
    this: LambdaClient,
    { input }: { readonly input: object },
    options: object,
  ) {
    client = this;
    calls.push([input, options]);
    return answer;
  } as never);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const payload = (text: string) => ({ transformToString: () => text });

it('calls the function of a tool with what the model asked for, and ends with the answer', async () => {
  answer = { Payload: payload('"12 points"') };
  expect(await invoke('Points', CALL, signal)).toBe('"12 points"');
  expect(calls).toEqual([
    [{ FunctionName: 'Points', Payload: Buffer.from(JSON.stringify(CALL)) }, { abortSignal: signal }],
  ]);
});

it('takes a function that answers nothing for one that answers an empty text', async () => {
  expect(await invoke('Points', CALL, signal)).toBe('');
});

it('fails with the start of what a failed function says', async () => {
  answer = { FunctionError: 'Unhandled', Payload: payload(`${'x'.repeat(499)}yz`) };
  const failure: unknown = await invoke('Points', CALL, signal).catch((error: unknown) => error);
  expect(failure).toEqual(new Error(`The tool's function failed: ${'x'.repeat(499)}y`));
});

it('is never sent twice, and is given up after 30 seconds', async () => {
  await invoke('Points', CALL, signal);
  if (client === undefined) throw new Error('Nothing was sent');
  expect(await client.config.maxAttempts()).toBe(1);
  expect(await timeoutsOf(client)).toMatchObject({ requestTimeout: 30_000, socketTimeout: 30_000 });
});
