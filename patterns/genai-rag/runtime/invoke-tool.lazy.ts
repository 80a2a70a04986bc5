import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import type { ToolCall } from '../contract';

/** Most deployments have no tools and never load this. A tool may do something, so it is never called twice by itself. It has 25 s at most. */
const client = new LambdaClient({ maxAttempts: 1, requestHandler: callTimeouts({ answerMs: 30_000 }) });

/** @throws Error for a function that failed */
export async function invoke(FunctionName: string, call: ToolCall, abortSignal: AbortSignal): Promise<string> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(call)) }),
    { abortSignal },
  );
  const answer = Payload?.transformToString() ?? '';
  if (FunctionError !== undefined) throw new Error(`The tool's function failed: ${answer.slice(0, 500)}`);
  return answer;
}
