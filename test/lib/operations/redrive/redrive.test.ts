import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import { depth, fail, fixture, ruleFailure, run, streamFailure, useRedriveFixture } from './redrive-fixture';

useRedriveFixture();

describe('groundplan redrive --dry-run', () => {
  it("shows a stack's dead-letter queues with depth, age and reasons, and moves nothing", async () => {
    fail(2);
    fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').send(ruleFailure);
    fixture.sqs.queue('Shop-PipeDeadLetterQueue-1').send(streamFailure);
    fixture.now += 3_600_000;
    const { code, out } = await run('redrive Shop --dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/Shop-BillingDeadLetterQueue-1: 2 messages, oldest shown 60 min, from Shop-Billing-1/);
    expect(out).toMatch(
      /received \d+ times \(including this one\) without being deleted; the log of the consumer of Shop-Billing-1/,
    );
    expect(out).toMatch(
      /EventBridge could not deliver it: NO_PERMISSIONS not authorized \(FraudCheck to arn:aws:sqs:.*:Shop-FraudCheck-1\)/,
    );
    expect(out).toMatch(/the message has only its position in the stream/);
    expect(out).toMatch(
      /goes to the queue Shop-Billing-1\n.*goes to the queue Shop-FraudCheck-1\n.*stays: its record/s,
    );
    expect(out).not.toMatch(/ShopTwo|Bare/);
    expect(depth('Shop-BillingDeadLetterQueue-1')).toBe(2);
    expect(fixture.sqs.queue('Shop-BillingDeadLetterQueue-1').depth()).toMatchObject({ visible: 2, inFlight: 0 });
  });

  it('takes a work queue by name, URL or ARN for its dead-letter queue', async () => {
    fail(1);
    const { url, arn } = fixture.sqs.queue('Shop-Billing-1');
    for (const target of ['Shop-Billing-1', url, arn, 'Shop-BillingDeadLetterQueue-1']) {
      expect((await run(`redrive ${target} --dry-run`)).out).toMatch(/^Shop-BillingDeadLetterQueue-1: 1 message/);
    }
  });

  it('shows as many samples as asked for, each on one short line', async () => {
    fail(5);
    fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').send({ body: `a\nb ${'x'.repeat(500)}` });
    expect((await run('redrive Shop-Billing-1 --dry-run --samples 4')).out.match(/"order"/g)).toHaveLength(4);
    expect((await run('redrive Shop-Billing-1 --dry-run --samples 0')).out).not.toMatch(/order|oldest/);
    const { out } = await run('redrive Shop-RuleDeadLetterQueue-1 --dry-run');
    expect(out).toMatch(/^ {4}a b x{116}$/m);
  });
});

describe('groundplan redrive', () => {
  it('asks, moves everything back at the rate, and shows how far it is', async () => {
    fail(5);
    const before = fixture.now;
    const { code, err, asked } = await run('redrive Shop --rate 2', 'y');
    expect(code).toBe(0);
    expect(asked).toEqual(['Redrive 5 messages from 1 queue at 2/s? [y/N] ']);
    expect(err).toMatch(/Shop-BillingDeadLetterQueue-1: 5 of 5 moved/);
    expect(err.split('\n').length).toBeGreaterThan(2);
    expect(fixture.now - before).toBeGreaterThanOrEqual(2000);
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
    for (let count = 0; count < 25; count += 1) fixture.sqs.queue('Shop-RuleDeadLetterQueue-1').send(ruleFailure);
    const { code } = await run('redrive Shop-RuleDeadLetterQueue-1 --to Bare --yes --rate 500');
    expect(code).toBe(0);
    expect(depth('Shop-RuleDeadLetterQueue-1')).toBe(0);
    expect(depth('Bare')).toBe(25);
    const [message] = fixture.sqs.queue('Bare').contents();
    expect(message?.body).toBe(ruleFailure.body);
    expect(Object.keys(message?.attributes ?? {})).toEqual(['trace']);
  });

  it('keeps what the target refuses, and pointers to stream records', async () => {
    const dead = fixture.sqs.queue('Shop-RuleDeadLetterQueue-1');
    for (const body of ['small', 'x'.repeat(2000), 'fits']) dead.send({ body });
    dead.send(streamFailure);
    fixture.sqs.createQueue('Narrow', { MaximumMessageSize: '1024' });
    const { code, err } = await run('redrive Shop-RuleDeadLetterQueue-1 --to Narrow --yes');
    expect(code).toBe(1);
    expect(err).toMatch(/2 messages left:\n/);
    expect(err).toMatch(/its record, written about 2023-11-14T22:13:19Z, has left the stream/);
    expect(err).toMatch(/InvalidParameterValue: .*shorter/);
    expect(dead.depth()).toMatchObject({ visible: 2, inFlight: 0 });
    expect(
      fixture.sqs
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
    fixture.sqs.createQueue('Target.fifo');
    const dead = fixture.sqs.createQueue('Dead.fifo');
    for (const id of ['1', '2'])
      fixture.sqs.queue(dead.url).send({ body: 'same', group: 'order-7', deduplicationId: id });
    await run('redrive Dead.fifo --to Target.fifo --yes');
    expect(
      fixture.sqs
        .queue('Target.fifo')
        .contents()
        .map(({ group }) => group),
    ).toEqual(['order-7', 'order-7']);
  });

  it('moves no place in a stream, whatever queue is asked for', async () => {
    fixture.sqs.queue('Shop-PipeDeadLetterQueue-1').send(streamFailure);
    const { code, out } = await run('redrive Shop-PipeDeadLetterQueue-1 --to Bare --yes');
    expect(code).toBe(1);
    expect(out).toMatch(
      /stays: its record, written about 2023-11-14T22:13:19Z, has left the stream, which keeps 24 hours/,
    );
    expect([depth('Shop-PipeDeadLetterQueue-1'), depth('Bare')]).toEqual([1, 0]);
  });
});

describe('asked wrongly, groundplan redrive', () => {
  it.each([
    ['', 2, /^Usage: groundplan check/],
    ['redrive', 2, /Pass one queue or stack/],
    ['redrive a b', 2, /Pass one queue or stack/],
    ['redrive Shop --rate 0', 2, /--rate is 0; allowed: a whole number from 1 to 500/],
    ['redrive Shop --rate fast', 2, /--rate is fast/],
    ['redrive Shop --samples 11', 2, /--samples is 11; allowed: a whole number from 0 to 10/],
    ['redrive Shop --fast', 2, /Unknown option '--fast'/],
    ['purge Shop', 2, /Unknown command purge/],
    ['redrive Nothing', 1, /There is no queue Nothing and no stack Nothing in eu-west-1\. Check the name, the region/],
    ['redrive Bare --to Nowhere', 1, /--to: there is no queue Nowhere in eu-west-1/],
    ['redrive Bare --discard', 2, /--discard deletes messages permanently: pass their ids with --only/],
    ['redrive Bare --only 1 --discard --to Shop-Billing-1', 2, /omit --to/],
    ['redrive Bare --only a;b', 2, /--only is a;b; allowed: message ids/],
    ['redrive ShopTwo', 1, /The stack ShopTwo in eu-west-1 has no dead-letter queue/],
  ])('answers "%s" with one clear error', async (args, code, message) => {
    const result = await run(args);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(message);
    expect(result.err).not.toMatch(/ at .*\.ts/);
  });

  it('says what AWS said, in one line', async () => {
    fixture.refuse = () => {
      throw new AwsError('AccessDeniedException', 'User is not authorized to perform: sqs:ListQueues', 403);
    };
    const { code, err } = await run('redrive Shop');
    expect([code, err]).toEqual([
      1,
      'Not allowed: sqs:GetQueueUrl in eu-west-1. AccessDeniedException: User is not authorized to perform: sqs:ListQueues',
    ]);
  });

  it('explains itself', async () => {
    const { code, out } = await run('redrive --help');
    expect([code, out]).toEqual([0, expect.stringContaining('--dry-run')]);
  });
});
