import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from './aws-client';
import type { Comparison } from './comparison';
import { chance, integer, pick, several } from './draw';
import type { MotoFixture, QueueOnBoth } from './moto-fixture';
import { type Handed, QueueSides } from './queue-side';

/** A kind of queue, and how a sequence treats it. */
export interface Kind {
  readonly fifo: boolean;
  readonly contentBased?: boolean;
  /**
   * One message a receive, whose visibility soon ends by itself; otherwise batches, given back by hand. Never both on
   * a FIFO queue: when the timeout of a batch of one group ends by itself, moto skips its first messages
   * (`fifo-expired-batch`).
   */
  readonly singly: boolean;
}

/** Long enough to never end within a test. */
const LONG = 600;

/** Random life of a queue and its dead-letter queue. */
export class QueueSequence {
  private readonly sides: QueueSides;
  private held: Handed[] = [];
  private sent = 0;

  private constructor(
    private readonly comparison: Comparison,
    private readonly kind: Kind,
    private readonly queue: QueueOnBoth,
    private readonly deadLetters: QueueOnBoth,
    fixture: MotoFixture,
  ) {
    this.sides = new QueueSides(fixture, comparison);
  }

  static async start(fixture: MotoFixture, comparison: Comparison, kind: Kind): Promise<QueueSequence> {
    const { random } = comparison;
    const suffix = `${randomUUID().slice(0, 8)}${kind.fifo ? '.fifo' : ''}`;
    const settings: Record<string, string> = {
      VisibilityTimeout: String(LONG),
      MaximumMessageSize: '1024',
      ...(kind.contentBased === true && { ContentBasedDeduplication: 'true' }),
    };
    const deadLetters = await fixture.createQueue(`dead-${suffix}`, settings);
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: deadLetters.arn,
      maxReceiveCount: integer(random, 1, 3),
    });
    const queue = await fixture.createQueue(`queue-${suffix}`, { ...settings, RedrivePolicy });
    return new QueueSequence(comparison, kind, queue, deadLetters, fixture);
  }

  /** One random operation. */
  async step(): Promise<void> {
    const { random } = this.comparison;
    const queue = chance(random, 0.75) ? this.queue : this.deadLetters;
    const roll = random();
    if (roll < 0.25) return this.sides.send(this.queue, this.message());
    if (roll < 0.33) return this.sides.sendBatch(this.queue, this.batch());
    if (roll < 0.58) return this.receive(queue);
    if (roll < 0.74) return this.giveUp();
    if (roll < 0.86) return this.sides.attributes(queue);
    if (roll < 0.92) return this.twice();
    return this.mistake();
  }

  private async receive(queue: QueueOnBoth): Promise<void> {
    const { random } = this.comparison;
    if (this.kind.singly) {
      const VisibilityTimeout = chance(random, 0.05) ? 1 : pick(random, [0, 0, LONG]);
      const handed = await this.sides.receive(queue, { MaxNumberOfMessages: 1, VisibilityTimeout });
      // Nothing happens until the timeout is over, so that both sides see the same.
      if (VisibilityTimeout === 1) await sleep(1_100);
      if (VisibilityTimeout === LONG) this.held.push(...handed);
      // A receipt deletes as long as nobody received the message again.
      else if (chance(random, 0.2)) for (const message of handed) await this.sides.withHandle('DeleteMessage', message);
      return;
    }
    const MaxNumberOfMessages = integer(random, 1, 10);
    this.held.push(...(await this.sides.receive(queue, { MaxNumberOfMessages })));
  }

  /** Deletes or gives back messages that are held. */
  private async giveUp(): Promise<void> {
    const { random } = this.comparison;
    if (this.held.length === 0) return this.receive(this.queue);
    const [message] = this.held.splice(integer(random, 0, this.held.length - 1), 1);
    if (message === undefined) return;
    const roll = random();
    if (roll < 0.4) return this.sides.withHandle('DeleteMessage', message);
    if (roll < 0.5) {
      await this.sides.withHandle('DeleteMessage', message);
      return this.sides.withHandle('DeleteMessage', message);
    }
    if (roll < 0.6) {
      const others = this.held.filter(({ queue }) => queue === message.queue).slice(0, 9);
      this.held = this.held.filter((other) => !others.includes(other));
      return this.sides.deleteBatch(message.queue, [message, ...others]);
    }
    if (roll < 0.7) {
      this.held.push(message);
      return this.sides.withHandle('ChangeMessageVisibility', message, { VisibilityTimeout: LONG });
    }
    return this.sides.withHandle('ChangeMessageVisibility', message, { VisibilityTimeout: 0 });
  }

  /** Sends a message and, while it must still be there, sends it again: one on a FIFO queue, two on another. */
  private async twice(): Promise<void> {
    const message = this.message();
    await this.sides.send(this.queue, message);
    await this.sides.send(this.queue, message);
  }

  private async mistake(): Promise<void> {
    const { random } = this.comparison;
    const missing = this.queue.url.replace('queue-', 'no-queue-');
    const { MessageGroupId: _, ...groupless } = this.message();
    const input = pick<() => Json>(random, [
      () => ({ action: 'SendMessage', QueueUrl: missing, MessageBody: 'x' }),
      () => ({ action: 'ReceiveMessage', QueueUrl: missing }),
      () => ({ action: 'GetQueueAttributes', QueueUrl: missing, AttributeNames: ['All'] }),
      () => ({ action: 'DeleteMessage', QueueUrl: missing, ReceiptHandle: 'x' }),
      () => ({ action: 'GetQueueUrl', QueueName: 'no-queue' }),
      () => ({ action: 'SendMessage', QueueUrl: this.queue.url, ...this.message(), MessageBody: 'x'.repeat(1_025) }),
      () => ({ action: 'ChangeMessageVisibility', QueueUrl: this.queue.url, ReceiptHandle: 'x', VisibilityTimeout: 1 }),
      () => ({ action: 'SendMessage', QueueUrl: this.queue.url, ...(this.kind.fifo ? groupless : this.message()) }),
    ])();
    const { action, ...rest } = input;
    return this.sides.refused(String(action), rest);
  }

  private batch(): Json[] {
    return several(this.comparison.random, 1, 10, (index) => ({ Id: `e${index}`, ...this.message() }));
  }

  private message(): Json {
    const { random } = this.comparison;
    this.sent += 1;
    const group = `group-${integer(random, 1, 3)}`;
    const size = { DataType: 'Number', StringValue: String(integer(random, 0, 99)) };
    const color = { DataType: 'String', StringValue: pick(random, ['red', 'grün', '""']) };
    return {
      MessageBody: pick(random, [`${group} ${this.sent}`, JSON.stringify({ group, at: this.sent, text: '☕ <&>' })]),
      ...(chance(random, 0.3) && { MessageAttributes: pick<Json>(random, [{ size }, { color }, { size, color }]) }),
      ...(this.kind.fifo && { MessageGroupId: group }),
      ...(this.kind.fifo &&
        (this.kind.contentBased !== true || chance(random, 0.3)) && { MessageDeduplicationId: `once-${this.sent}` }),
    };
  }
}
