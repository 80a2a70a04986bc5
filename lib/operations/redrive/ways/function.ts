import { InvokeCommand } from '@aws-sdk/client-lambda';
import { nameIn } from '../letters';
import type { Road, Way } from './way';

/** A function is invoked asynchronously, as it was: it has its own retries, and fails into the same queue again. */
export function toFunction({ clients: { lambda } }: Road, functionArn: string, payload: string): Way {
  return {
    goes: `to the function ${nameIn(functionArn)}, as a new invocation`,
    send: async () => {
      await lambda.send(
        new InvokeCommand({ FunctionName: functionArn, InvocationType: 'Event', Payload: Buffer.from(payload) }),
      );
    },
  };
}
