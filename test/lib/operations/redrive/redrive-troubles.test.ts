import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import {
  deploy,
  depth,
  fail,
  fixture,
  messageLike,
  queueNamed,
  ruleFailure,
  run,
  streamFailure,
  useRedriveFixture,
} from './redrive-fixture';

useRedriveFixture();

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
    fixture.refuse = (action, input) => {
      if (action === 'GetQueueUrl') accounts.push(input['QueueOwnerAWSAccountId']);
    };
    await run('redrive arn:aws:sqs:eu-west-1:222222222222:Shop-Billing-1 --dry-run');
    expect(accounts[0]).toBe('222222222222');
  });

  it('sends what lies in a stack back to where each came from, and to no other', async () => {
    fail(2);
    fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').send(ruleFailure);
    expect((await run('redrive Shop --yes')).code).toBe(0);
    expect([depth('Shop-Billing-1'), depth('Shop-FraudCheck-1'), depth('Bare')]).toEqual([2, 1, 0]);
  });

  it.each(['--to Bare', '--only 1', '--skip 1'])(
    'does not take %s for the letters of every service',
    async (option) => {
      fail(2);
      fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').send(ruleFailure);
      const { code, err } = await run(`redrive Shop ${option} --yes`);
      expect([code, err]).toEqual([2, expect.stringMatching(/applies to one queue, and Shop is a stack/)]);
      expect([depth('Shop-BillingDeadLetterQueue-1'), depth('Shop-RuleDeadLetterQueue-1')]).toEqual([2, 1]);
    },
  );

  it('finds queues on every page, by their source where their name tells nothing', async () => {
    const { arn } = fixture.sqs.createQueue('Shop-Parking-1');
    const policy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 });
    for (const name of ['Shop-Parcels-1', 'Shop-Letters-1']) fixture.sqs.createQueue(name, { RedrivePolicy: policy });
    deploy('Shop', {
      Parking: queueNamed('Shop-Parking-1'),
      // CloudFormation lists a hundred at a time.
      ...Object.fromEntries(
        Array.from({ length: 250 }, (_, index) => [`Role${index}`, ['AWS::IAM::Role', `Shop-Role-${index}`] as const]),
      ),
      Parcels: queueNamed('Shop-Parcels-1'),
      Letters: queueNamed('Shop-Letters-1'),
      Billing: queueNamed('Shop-BillingDeadLetterQueue-1'),
    });
    // Pages as small as can be.
    fixture.call = async (action, input) => {
      const answer = await fixture.sqs.call(action, input);
      const key = { ListDeadLetterSourceQueues: 'queueUrls' }[action];
      if (key === undefined) return answer;
      const all = answer[key] as string[];
      const at = Number(input['NextToken'] ?? 0);
      return { [key]: all.slice(at, at + 1), ...(at + 1 < all.length && { NextToken: String(at + 1) }) };
    };
    expect((await run('redrive Shop --dry-run')).out).toMatch(
      /^Shop-Parking-1: 0 messages, from Shop-Parcels-1, Shop-Letters-1\nShop-BillingDeadLetterQueue-1: 0/,
    );
  });

  it('tells of one queue that failed, moves the others, and still writes the document', async () => {
    fail(2);
    const other = fixture.sqs.createQueue('Shop-ParkingDeadLetterQueue-1');
    const policy = JSON.stringify({ deadLetterTargetArn: other.arn, maxReceiveCount: 1 });
    fixture.sqs.createQueue('Shop-Parking-1', { RedrivePolicy: policy });
    deploy('Shop', {
      Billing: queueNamed('Shop-BillingDeadLetterQueue-1'),
      Parking: queueNamed('Shop-ParkingDeadLetterQueue-1'),
    });
    fixture.sqs.queue(other.arn).accept({ ...messageLike, from: fixture.sqs.queue('Shop-Parking-1').arn });
    fixture.refuse = (action, { SourceArn }) => {
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
    fixture.call = (action, input) => {
      if (action !== 'ListMessageMoveTasks') return fixture.sqs.call(action, input);
      listed += 1;
      return listed < 4 ? { Results: [earlier] } : fixture.sqs.call(action, input);
    };
    const { code, err } = await run('redrive Shop --yes');
    expect(code).toBe(0);
    expect(err).not.toMatch(/7 of/);
    expect(depth('Shop-Billing-1')).toBe(2);
  });

  it.each(['FAILED', 'CANCELLED'])('says that and why a move ended as %s', async (Status) => {
    fail(1);
    let started = false;
    fixture.call = (action, input) => {
      started ||= action === 'StartMessageMoveTask';
      if (action !== 'ListMessageMoveTasks') return fixture.sqs.call(action, input);
      return {
        Results: started ? [{ Status, FailureReason: 'CouldNotDetermineMessageSource', StartedTimestamp: 2 }] : [],
      };
    };
    const { code, err } = await run('redrive Shop --yes');
    expect([code, err]).toEqual([1, expect.stringContaining(`ended as ${Status}: CouldNotDetermineMessageSource`)]);
  });

  it('copies in long polls', async () => {
    for (const body of ['a', 'b', 'c', 'd', 'e']) fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').send({ body });
    const waits: unknown[] = [];
    fixture.refuse = (action, input) => {
      if (action === 'ReceiveMessage') waits.push(input['WaitTimeSeconds']);
    };
    expect((await run('redrive Shop-RuleDeadLetterQueue-1 --to Bare --yes')).code).toBe(0);
    expect([depth('Shop-RuleDeadLetterQueue-1'), depth('Bare')]).toEqual([0, 5]);
    expect(waits.every((seconds) => Number(seconds) > 0)).toBe(true);
  });

  it('deletes nothing when sending fails', async () => {
    fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').send(ruleFailure);
    const deleted: string[] = [];
    fixture.refuse = (action) => {
      if (action.startsWith('Delete')) deleted.push(action);
      if (action === 'SendMessage') throw new AwsError('ServiceUnavailable', 'later', 400);
    };
    const { code } = await run('redrive Shop-RuleDeadLetterQueue-1 --to Bare --yes');
    expect([code, deleted]).toEqual([1, []]);
    expect(fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').depth()).toMatchObject({ visible: 1, inFlight: 0 });
  });

  it('does not go round and round when the target fails again into the same queue', async () => {
    fail(1);
    let sends = 0;
    fixture.call = (action, input) => {
      const answer = fixture.sqs.call(action, input);
      if (action !== 'SendMessage') return answer;
      sends += 1;
      if (sends > 5) throw new AwsError('Endless', 'still going round');
      const { url } = fixture.sqs.queue('Shop-Billing-1');
      for (let round = 0; round < 3; round += 1)
        fixture.sqs.call('ReceiveMessage', { QueueUrl: url, VisibilityTimeout: 0 });
      return answer;
    };
    await run('redrive Shop-BillingDeadLetterQueue-1 --to Shop-Billing-1 --yes');
    expect([sends, depth('Shop-BillingDeadLetterQueue-1')]).toEqual([1, 1]);
  });

  it('finds the message behind the pointers that it showed', async () => {
    for (let count = 0; count < 3; count += 1) fixture.sqs.queue('Shop-PipeDeadLetterQueue-1').send(streamFailure);
    fixture.sqs.queue('Shop-PipeDeadLetterQueue-1').send({ body: 'whole' });
    await run('redrive Shop-PipeDeadLetterQueue-1 --to Bare --yes');
    expect(
      fixture.sqs
        .queue('Bare')
        .contents()
        .map(({ body }) => body),
    ).toEqual(['whole']);
    expect(depth('Shop-PipeDeadLetterQueue-1')).toBe(3);
  });

  it('keeps the order of a FIFO group, and the message id as deduplication id', async () => {
    fixture.sqs.createQueue('Target.fifo', { MaximumMessageSize: '1024' });
    const dead = fixture.sqs.createQueue('Dead.fifo');
    for (const body of ['x'.repeat(1025), 'after']) {
      fixture.sqs.queue(dead.url).send({ body, group: 'order-7', deduplicationId: body.slice(0, 5) });
    }
    fixture.sqs.queue(dead.url).send({ body: 'other', group: 'order-8', deduplicationId: 'other' });
    const id = fixture.sqs
      .queue(dead.url)
      .contents()
      .find(({ body }) => body === 'other')?.messageId;
    expect((await run('redrive Dead.fifo --to Target.fifo --yes')).code).toBe(1);
    const arrived = fixture.sqs.queue('Target.fifo').contents();
    expect(arrived.map(({ body, deduplicationId }) => [body, deduplicationId])).toEqual([['other', id]]);
  });
});
