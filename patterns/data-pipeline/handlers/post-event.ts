import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger } from '../../../lib/runtime/observability';
import { Problem, problemAnswer } from '../../../lib/runtime/problem';
import { PostEventEnvironment } from '../contract';
import { fateOf } from '../producer/passing-error';
import { readEventRequest } from '../runtime/event-request';

const StreamName = requiredVariable(PostEventEnvironment.stream);
/**
 * Its tries fit the function's timeout, and that the time for which API Gateway waits. HTTP/1.1: by default this client speaks HTTP/2,
 * which has nothing for one small request at a time.
 */
const kinesis = new KinesisClient({
  maxAttempts: 4,
  requestHandler: new NodeHttpHandler(callTimeouts({ answerMs: 5000 })),
});

/**
 * Puts the event of a request into the stream. A client's mistake is told with a code and the member at fault; a shard that is
 * full, as an answer to try again. What else Kinesis refuses is ours, and a 5xx.
 */
export async function handler(
  request: Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded' | 'requestContext'>,
): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    const { Data, PartitionKey } = readEventRequest(request, Date.now());
    const { SequenceNumber, ShardId, EncryptionType } = await put(Data, PartitionKey);
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ SequenceNumber, ShardId, EncryptionType }),
    };
  } catch (error) {
    const answer = problemAnswer(error, request.requestContext.requestId, logger);
    return answer.statusCode === 429 ? { ...answer, headers: { ...answer.headers, 'retry-after': '1' } } : answer;
  }
}

async function put(Data: Uint8Array, PartitionKey: string) {
  try {
    return await kinesis.send(new PutRecordCommand({ StreamName, Data, PartitionKey }));
  } catch (error) {
    const { name = '' } = error as Error;
    // The alarm on the stream's throttled writes reports it.
    if (fateOf(error) === 'PASSES' && /Throttl|ThroughputExceeded|LimitExceeded/.test(name)) {
      throw new Problem(429, 'throttled', 'Too many events. Try again in a moment.');
    }
    throw error;
  }
}
