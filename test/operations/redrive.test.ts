import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../lib/operations/command-line';
import { type LocalAws, startLocalAws } from '../../local/aws/server';
import { AwsError, type LocalService } from '../../local/aws/service';
import { LocalSqs } from '../../local/aws/sqs';

let now = 1_700_000_000_000;
const location = { account: '111111111111', region: 'eu-west-1' };
let sqs: LocalSqs;
let aws: LocalAws;
let refuse: (action: string, input: Record<string, unknown>) => void = () => undefined;
/** Performs a call; a test puts its own in front of the store. */
let call: LocalService['call'] = (action, input) => sqs.call(action, input);

beforeAll(async () => {
  const store: LocalService = { call: (action, input) => call(action, input) };
  aws = await startLocalAws({ sqs: store }, { onCall: ({ action, input }) => refuse(action, input) });
});
afterAll(() => aws.close());

/** A stack with a work queue, a rule's and a stream's dead-letter queue, and a neighbour of a similar name. */
beforeEach(() => {
  refuse = () => undefined;
  call = (action, input) => sqs.call(action, input);
  sqs = new LocalSqs(location, () => now);
  const dead = sqs.createQueue('Shop-BillingDeadLetterQueue-1');
  const policy = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 }) };
  sqs.createQueue('Shop-Billing-1', policy);
  sqs.createQueue('Shop-RuleDeadLetterQueue-1');
  sqs.createQueue('Shop-PipeDeadLetterQueue-1');
  sqs.createQueue('ShopTwo-OtherDeadLetterQueue-1');
  sqs.createQueue('Bare');
});

/** Sends messages to the work queue and lets each fail as often as it may. */
function fail(count: number): void {
  const queue = sqs.queue('Shop-Billing-1');
  for (let index = 0; index < count; index += 1) queue.send({ body: `{"order":${index}}` });
  for (let round = 0; round < 2 * count; round += 1) {
    sqs.call('ReceiveMessage', { QueueUrl: queue.url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
  }
  expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(count);
}

const depth = (name: string) => sqs.queue(name).contents().length;

async function run(args: string, answer?: string) {
  const out: string[] = [];
  const err: string[] = [];
  const asked: string[] = [];
  const code = await main(
    args.split(' ').filter((each) => each !== ''),
    {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      interactive: answer !== undefined,
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(answer ?? '');
      },
      sleep: (duration) => {
        now += duration;
        return Promise.resolve();
      },
      now: () => now,
    },
    () =>
      new SQSClient({
        endpoint: aws.endpoint,
        region: location.region,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        useQueueUrlAsEndpoint: false,
        maxAttempts: 1,
      }),
  );
  return { code, out: out.join('\n'), err: err.join('\n'), asked };
}

const ruleFailure = {
  body: '{"detail-type":"payment.captured"}',
  attributes: {
    ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
    ERROR_MESSAGE: { DataType: 'String', StringValue: 'not authorized' },
    RULE_ARN: { DataType: 'String', StringValue: 'arn:aws:events:eu-west-1:111111111111:rule/bus/FraudCheck' },
    trace: { DataType: 'String', StringValue: 'kept' },
  },
};
const messageLike = {
  messageId: 'm-1',
  body: 'parked',
  attributes: {},
  sentAt: now,
  sequence: 0,
  visibleAt: 0,
  receives: 1,
};
const streamFailure = { body: '{"DDBStreamBatchInfo":{"shardId":"shard-1","startSequenceNumber":"1"}}' };

describe('groundplan redrive --dry-run', () => {
  it("shows a stack's dead-letter queues with depth, age and reasons, and moves nothing", async () => {
    fail(2);
    sqs.queue('Shop-RuleDeadLetterQueue-1').send(ruleFailure);
    sqs.queue('Shop-PipeDeadLetterQueue-1').send(streamFailure);
    now += 3_600_000;
    const { code, out } = await run('redrive Shop --dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/Shop-BillingDeadLetterQueue-1: 2 messages, oldest shown 60 min, from Shop-Billing-1/);
    expect(out).toMatch(
      /received \d+ times without being deleted, this look included; the log of the consumer of Shop-Billing-1/,
    );
    expect(out).toMatch(/EventBridge could not deliver it: NO_PERMISSIONS not authorized \(FraudCheck to its target\)/);
    expect(out).toMatch(/only its place in the stream is kept/);
    expect(out).toMatch(/not redriven: no queue names it as its dead-letter queue, so say where its messages go: --to/);
    expect(out).not.toMatch(/ShopTwo|Bare/);
    expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(2);
    expect(sqs.queue('Shop-BillingDeadLetterQueue-1').depth()).toEqual({ visible: 2, inFlight: 0 });
  });

  it('takes a work queue by name, URL or ARN for its dead-letter queue', async () => {
    fail(1);
    const { url, arn } = sqs.queue('Shop-Billing-1');
    for (const target of ['Shop-Billing-1', url, arn, 'Shop-BillingDeadLetterQueue-1']) {
      expect((await run(`redrive ${target} --dry-run`)).out).toMatch(/^Shop-BillingDeadLetterQueue-1: 1 message/);
    }
  });

  it('shows as many samples as asked for, each on one short line', async () => {
    fail(5);
    sqs.queue('Shop-RuleDeadLetterQueue-1').send({ body: `a\nb ${'x'.repeat(500)}` });
    expect((await run('redrive Shop-Billing-1 --dry-run --samples 4')).out.match(/"order"/g)).toHaveLength(4);
    expect((await run('redrive Shop-Billing-1 --dry-run --samples 0')).out).not.toMatch(/order|oldest/);
    const { out } = await run('redrive Shop-RuleDeadLetterQueue-1 --dry-run');
    expect(out).toMatch(/^ {4}a b x{116}$/m);
  });
});

describe('groundplan redrive', () => {
  it('asks, moves everything back at the rate, and shows how far it is', async () => {
    fail(5);
    const before = now;
    const { code, err, asked } = await run('redrive Shop --rate 2', 'y');
    expect(code).toBe(0);
    expect(asked).toEqual(['Redrive 5 messages from 1 queue at 2/s? [y/N] ']);
    expect(err).toMatch(/Shop-BillingDeadLetterQueue-1: 5 of 5 moved/);
    expect(err.split('\n').length).toBeGreaterThan(2);
    expect(now - before).toBeGreaterThanOrEqual(2000);
    expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(0);
    expect(depth('Shop-Billing-1')).toBe(5);
  });

  it.each(['n', '', 'no', 'maybe'])('moves nothing when the answer is "%s"', async (answer) => {
    fail(1);
    const { code, err } = await run('redrive Shop', answer);
    expect([code, err]).toEqual([0, 'Nothing was moved.']);
    expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(1);
  });

  it('refuses to act when nobody can be asked, unless told to', async () => {
    fail(1);
    const refused = await run('redrive Shop');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('pass --yes')]);
    expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(1);
    expect((await run('redrive Shop --yes')).code).toBe(0);
    expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(0);
  });

  it('has nothing to ask when everything is empty', async () => {
    const { code, out, asked } = await run('redrive Shop', 'y');
    expect([code, asked]).toEqual([0, []]);
    expect(out).toMatch(/Shop-BillingDeadLetterQueue-1: 0 messages/);
  });

  it('writes one JSON document and nothing else to standard output', async () => {
    fail(2);
    const { out, err } = await run('redrive Shop --json --yes');
    const { dryRun, queues } = JSON.parse(out) as { dryRun: boolean; queues: Record<string, unknown>[] };
    expect(dryRun).toBe(false);
    expect(queues.map(({ name, moved }) => [name, moved])).toEqual([
      ['Shop-BillingDeadLetterQueue-1', 2],
      ['Shop-RuleDeadLetterQueue-1', 0],
      ['Shop-PipeDeadLetterQueue-1', 0],
    ]);
    expect(err).toMatch(/2 of 2 moved/);
  });
});

describe('groundplan redrive --to', () => {
  it('sends on what no queue sent, without the account of the failure, and deletes it', async () => {
    for (let count = 0; count < 25; count += 1) sqs.queue('Shop-RuleDeadLetterQueue-1').send(ruleFailure);
    const { code } = await run('redrive Shop-RuleDeadLetterQueue-1 --to Bare --yes --rate 500');
    expect(code).toBe(0);
    expect(depth('Shop-RuleDeadLetterQueue-1')).toBe(0);
    expect(depth('Bare')).toBe(25);
    const [message] = sqs.queue('Bare').contents();
    expect(message?.body).toBe(ruleFailure.body);
    expect(Object.keys(message?.attributes ?? {})).toEqual(['trace']);
  });

  it('keeps what the target refuses, and pointers to stream records', async () => {
    const dead = sqs.queue('Shop-RuleDeadLetterQueue-1');
    for (const body of ['small', 'x'.repeat(2000), 'fits']) dead.send({ body });
    dead.send(streamFailure);
    sqs.createQueue('Narrow', { MaximumMessageSize: '1024' });
    const { code, err } = await run('redrive Shop-RuleDeadLetterQueue-1 --to Narrow --yes');
    expect(code).toBe(1);
    expect(err).toMatch(/1 message left: pointers to stream records/);
    expect(err).toMatch(/1 message left: refused by Narrow: InvalidParameterValue: .*shorter/);
    expect(dead.depth()).toEqual({ visible: 2, inFlight: 0 });
    expect(
      sqs
        .queue('Narrow')
        .contents()
        .map(({ body }) => body),
    ).toEqual(['small', 'fits']);
    expect(
      dead
        .contents()
        .map(({ body }) => body)
        .sort(),
    ).toEqual(['x'.repeat(2000), streamFailure.body].sort());
  });

  it('gives each message of a FIFO target its group and its own deduplication id', async () => {
    sqs.createQueue('Target.fifo');
    const dead = sqs.createQueue('Dead.fifo');
    for (const id of ['1', '2']) sqs.queue(dead.url).send({ body: 'same', group: 'order-7', deduplicationId: id });
    await run('redrive Dead.fifo --to Target.fifo --yes');
    expect(
      sqs
        .queue('Target.fifo')
        .contents()
        .map(({ group }) => group),
    ).toEqual(['order-7', 'order-7']);
  });

  it('does not move a queue of pointers at all', async () => {
    sqs.queue('Shop-PipeDeadLetterQueue-1').send(streamFailure);
    const { out } = await run('redrive Shop-PipeDeadLetterQueue-1 --to Bare --yes');
    expect(out).toMatch(/not redriven: its messages only tell where a record is/);
    expect([depth('Shop-PipeDeadLetterQueue-1'), depth('Bare')]).toEqual([1, 0]);
  });
});

describe('asked wrongly, groundplan redrive', () => {
  it.each([
    ['', 2, /^Usage: groundplan redrive/],
    ['redrive', 2, /Name one queue or stack/],
    ['redrive a b', 2, /Name one queue or stack/],
    ['redrive Shop --rate 0', 2, /--rate is 0; allowed: a whole number from 1 to 500/],
    ['redrive Shop --rate fast', 2, /--rate is fast/],
    ['redrive Shop --samples 11', 2, /--samples is 11; allowed: a whole number from 0 to 10/],
    ['redrive Shop --fast', 2, /Unknown option '--fast'/],
    ['purge Shop', 2, /There is no command purge/],
    ['redrive Nothing', 1, /There is no queue Nothing, and no stack Nothing/],
    ['redrive Shop --to Nowhere', 1, /--to: there is no queue Nowhere/],
  ])('answers "%s" with one clear error', async (args, code, message) => {
    const result = await run(args);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(message);
    expect(result.err).not.toMatch(/ at .*\.ts/);
  });

  it('says what AWS said, in one line', async () => {
    refuse = () => {
      throw new AwsError('AccessDeniedException', 'User is not authorized to perform: sqs:ListQueues', 403);
    };
    const { code, err } = await run('redrive Shop');
    expect([code, err]).toEqual([1, 'AccessDeniedException: User is not authorized to perform: sqs:ListQueues']);
  });

  it('explains itself', async () => {
    const { code, out } = await run('redrive --help');
    expect([code, out]).toEqual([0, expect.stringContaining('--dry-run')]);
  });
});

describe('what must not go wrong in groundplan redrive', () => {
  it.each([
    'arn:aws:sqs:us-east-1:111111111111:Shop-Billing-1',
    'https://sqs.us-east-1.amazonaws.com/111111111111/Shop-Billing-1',
  ])('does not take the queue of the same name in this region for %s', async (target) => {
    fail(1);
    const { code, err } = await run(`redrive ${target} --yes`);
    expect([code, err]).toEqual([1, expect.stringContaining('pass --region us-east-1')]);
    expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(1);
  });

  it('asks for a queue in the account that its ARN names', async () => {
    const accounts: unknown[] = [];
    refuse = (action, input) => {
      if (action === 'GetQueueUrl') accounts.push(input['QueueOwnerAWSAccountId']);
    };
    await run('redrive arn:aws:sqs:eu-west-1:222222222222:Shop-Billing-1 --dry-run');
    expect(accounts[0]).toBe('222222222222');
  });

  it("sends a stack's work back to where it came from, whatever the target for the rest", async () => {
    fail(2);
    sqs.queue('Shop-RuleDeadLetterQueue-1').send(ruleFailure);
    await run('redrive Shop --to Bare --yes');
    expect([depth('Shop-Billing-1'), depth('Bare')]).toEqual([2, 1]);
  });

  it('finds queues on every page, by their source where their name tells nothing', async () => {
    const { arn } = sqs.createQueue('Shop-Parking-1');
    const policy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 });
    for (const name of ['Shop-Parcels-1', 'Shop-Letters-1']) sqs.createQueue(name, { RedrivePolicy: policy });
    // Pages as small as can be.
    call = async (action, input) => {
      const answer = await sqs.call(action, input);
      const key = { ListQueues: 'QueueUrls', ListDeadLetterSourceQueues: 'queueUrls' }[action];
      if (key === undefined) return answer;
      const all = answer[key] as string[];
      const at = Number(input['NextToken'] ?? 0);
      return { [key]: all.slice(at, at + 1), ...(at + 1 < all.length && { NextToken: String(at + 1) }) };
    };
    expect((await run('redrive Shop --dry-run')).out).toMatch(
      /BillingDead.*RuleDead.*PipeDead.*Shop-Parking-1: 0 messages, from Shop-Parcels-1, Shop-Letters-1/s,
    );
  });

  it('tells of one queue that failed, moves the others, and still writes the document', async () => {
    fail(2);
    const other = sqs.createQueue('Shop-ParkingDeadLetterQueue-1');
    const policy = JSON.stringify({ deadLetterTargetArn: other.arn, maxReceiveCount: 1 });
    sqs.createQueue('Shop-Parking-1', { RedrivePolicy: policy });
    sqs.queue(other.arn).accept({ ...messageLike, from: sqs.queue('Shop-Parking-1').arn });
    refuse = (action, { SourceArn }) => {
      if (action === 'StartMessageMoveTask' && String(SourceArn).includes('Billing')) throw new AwsError('Busy', 'no');
    };
    const { code, out } = await run('redrive Shop --json --yes');
    const { queues } = JSON.parse(out) as { queues: { name: string; moved: number; error?: string }[] };
    expect(code).toBe(1);
    expect(queues.filter(({ name }) => /Billing|Parking/.test(name)).map(({ moved, error }) => [moved, error])).toEqual(
      [
        [0, 'Busy: no'],
        [1, undefined],
      ],
    );
  });

  it('waits for its own move task, not for one that was there before', async () => {
    fail(2);
    const earlier = { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 7, StartedTimestamp: 1 };
    let listed = 0;
    call = (action, input) => {
      if (action !== 'ListMessageMoveTasks') return sqs.call(action, input);
      listed += 1;
      return listed < 4 ? { Results: [earlier] } : sqs.call(action, input);
    };
    const { code, err } = await run('redrive Shop --yes');
    expect(code).toBe(0);
    expect(err).not.toMatch(/7 of/);
    expect(depth('Shop-Billing-1')).toBe(2);
  });

  it.each(['FAILED', 'CANCELLED'])('says that and why a move ended as %s', async (Status) => {
    fail(1);
    let started = false;
    call = (action, input) => {
      started ||= action === 'StartMessageMoveTask';
      if (action !== 'ListMessageMoveTasks') return sqs.call(action, input);
      return {
        Results: started ? [{ Status, FailureReason: 'CouldNotDetermineMessageSource', StartedTimestamp: 2 }] : [],
      };
    };
    const { code, err } = await run('redrive Shop --yes');
    expect([code, err]).toEqual([1, expect.stringContaining(`ended as ${Status}: CouldNotDetermineMessageSource`)]);
  });

  it('copies in long polls, and halves a batch that is too long', async () => {
    for (const body of ['a', 'b', 'c', 'd', 'e']) sqs.queue('Shop-RuleDeadLetterQueue-1').send({ body });
    const waits: unknown[] = [];
    refuse = (action, input) => {
      if (action === 'ReceiveMessage') waits.push(input['WaitTimeSeconds']);
      if (action === 'SendMessageBatch' && (input['Entries'] as unknown[]).length > 2) {
        throw new AwsError('BatchRequestTooLong', 'too long');
      }
    };
    expect((await run('redrive Shop-RuleDeadLetterQueue-1 --to Bare --yes')).code).toBe(0);
    expect([depth('Shop-RuleDeadLetterQueue-1'), depth('Bare')]).toEqual([0, 5]);
    expect(waits.every((seconds) => Number(seconds) > 0)).toBe(true);
  });

  it('deletes nothing when sending fails', async () => {
    sqs.queue('Shop-RuleDeadLetterQueue-1').send(ruleFailure);
    const deleted: string[] = [];
    refuse = (action) => {
      if (action.startsWith('Delete')) deleted.push(action);
      if (action === 'SendMessageBatch') throw new AwsError('ServiceUnavailable', 'later', 400);
    };
    const { code } = await run('redrive Shop-RuleDeadLetterQueue-1 --to Bare --yes');
    expect([code, deleted]).toEqual([1, []]);
    expect(sqs.queue('Shop-RuleDeadLetterQueue-1').depth()).toEqual({ visible: 1, inFlight: 0 });
  });

  it('does not go round and round when the target fails again into the same queue', async () => {
    fail(1);
    let sends = 0;
    call = (action, input) => {
      const answer = sqs.call(action, input);
      if (action !== 'SendMessageBatch') return answer;
      sends += 1;
      if (sends > 5) throw new AwsError('Endless', 'still going round');
      const { url } = sqs.queue('Shop-Billing-1');
      for (let round = 0; round < 3; round += 1) sqs.call('ReceiveMessage', { QueueUrl: url, VisibilityTimeout: 0 });
      return answer;
    };
    await run('redrive Shop-BillingDeadLetterQueue-1 --to Shop-Billing-1 --yes');
    expect([sends, depth('Shop-BillingDeadLetterQueue-1')]).toEqual([1, 1]);
  });

  it('finds the message behind the pointers that it showed', async () => {
    for (let count = 0; count < 3; count += 1) sqs.queue('Shop-PipeDeadLetterQueue-1').send(streamFailure);
    sqs.queue('Shop-PipeDeadLetterQueue-1').send({ body: 'whole' });
    await run('redrive Shop-PipeDeadLetterQueue-1 --to Bare --yes');
    expect(
      sqs
        .queue('Bare')
        .contents()
        .map(({ body }) => body),
    ).toEqual(['whole']);
    expect(depth('Shop-PipeDeadLetterQueue-1')).toBe(3);
  });

  it('keeps the order of a FIFO group, and the message id as deduplication id', async () => {
    sqs.createQueue('Target.fifo', { MaximumMessageSize: '10' });
    const dead = sqs.createQueue('Dead.fifo');
    for (const body of ['x'.repeat(20), 'after']) {
      sqs.queue(dead.url).send({ body, group: 'order-7', deduplicationId: body });
    }
    sqs.queue(dead.url).send({ body: 'other', group: 'order-8', deduplicationId: 'other' });
    const id = sqs
      .queue(dead.url)
      .contents()
      .find(({ body }) => body === 'other')?.messageId;
    expect((await run('redrive Dead.fifo --to Target.fifo --yes')).code).toBe(1);
    const arrived = sqs.queue('Target.fifo').contents();
    expect(arrived.map(({ body, deduplicationId }) => [body, deduplicationId])).toEqual([['other', id]]);
  });
});
