import { LocalSqs } from '../../../local/aws/sqs';
import { SQS_LIMITS } from '../../../local/limits/sqs';
import { onBothSides, testEachLimit } from './both-sides';

const sqs = new LocalSqs({ account: '111122223333', region: 'eu-west-1' });
const { url: QueueUrl } = sqs.createQueue('jobs');

function sendBatch(count: number): unknown {
  const Entries = Array.from({ length: Math.max(0, count) }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
  return sqs.call('SendMessageBatch', { QueueUrl, Entries });
}

testEachLimit(SQS_LIMITS, {
  emptyBatch: (limit) => onBothSides(limit, sendBatch, { furthest: 9 }),
  batchEntries: (limit) => onBothSides(limit, sendBatch, { from: 1, furthest: 90 }),
});
