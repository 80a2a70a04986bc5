import type { ResolvedResource } from '../assembly/resolved-template';
import type { Delivery, Subscription } from '../aws/sns';
import { type AsynchronousSettings, checkAsynchronous, invokeAsynchronously } from '../lambda/asynchronous-invocation';
import type { EngineContext } from './context';
import type { BusEvent } from './event-bus';
import { isFailure, RefusedDelivery } from './failure';
import { COPIES } from './faults';

/** AWS: Step Functions metrics. */
const EXECUTION_METRICS = {
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
} as const;

/** Hands over what topics, buses, mappings and functions send on, with the faults of a bad day in between. */
export class Destinations {
  /** Events of asynchronous invocations that are gone. */
  readonly lost: unknown[] = [];

  constructor(private readonly engine: EngineContext) {}

  /** A topic's message to a subscriber. */
  readonly fromTopic = (
    { protocol, endpoint }: Pick<Subscription, 'protocol' | 'endpoint'>,
    message: Delivery,
  ): void => {
    if (protocol === 'lambda') {
      const { messageId: MessageId, topicArn: TopicArn, message: Message } = message;
      const Sns = { Type: 'Notification', MessageId, TopicArn, Message };
      this.invoke(endpoint, { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', Sns }] });
      return;
    }
    this.refuse(endpoint);
    const { body, attributes } = message;
    // A standard queue of a FIFO topic deduplicates nothing (docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html).
    const { group, deduplicationId } = endpoint.endsWith('.fifo') ? message : { group: message.group };
    for (let copy = 0; copy < this.copies(endpoint); copy += 1) {
      this.engine.stores.sqs.queue(endpoint).send({ body, attributes, group, deduplicationId });
    }
  };

  /** An event of the bus to a rule's target. */
  readonly fromBus = async (targetArn: string, input: unknown, event: BusEvent): Promise<void> => {
    const { stateMachines, world, template, clock, metrics, hops } = this.engine;
    this.refuse(targetArn);
    const machine = stateMachines.get(targetArn);
    if (machine !== undefined) {
      const begun = clock.now();
      // EventBridge names an execution after the event, so that its own retries start one.
      void machine.start(event.id, input)?.then((execution) => {
        hops.observe('workflow', clock.now() - begun);
        metrics.put('AWS/States', EXECUTION_METRICS[execution.status], { StateMachineArn: targetArn }, 1);
      });
    } else if (template.byArn(targetArn)?.type === 'AWS::Lambda::Function') {
      this.invoke(targetArn, input);
    } else {
      for (let copy = 0; copy < this.copies(targetArn); copy += 1) {
        await world.send(targetArn, { body: JSON.stringify(input) });
      }
    }
  };

  /** Keeps something that could not be delivered or handled. */
  readonly keep = async (
    destinationArn: string,
    record: unknown,
    attributes?: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const { world } = this.engine;
    const body = typeof record === 'string' ? record : JSON.stringify(record);
    if (destinationArn.includes(':sqs:')) await world.send(destinationArn, { body, attributes });
    else if (destinationArn.includes(':sns:')) await world.publish(destinationArn, { message: body });
    else throw new Error(`The destination ${destinationArn} is not known here`);
  };

  /**
   * Keeps a batch of a stream that could not be handled: where it is to be found, and in a bucket the records, too
   * (docs.aws.amazon.com/lambda: kinesis-on-failure-destination).
   */
  readonly keepBatch = async (
    destinationArn: string,
    failure: Readonly<Record<string, unknown>>,
    payload: unknown,
    { mapping, shard }: { readonly mapping: string; readonly shard: string },
  ): Promise<void> => {
    if (!destinationArn.startsWith('arn:aws:s3:::')) return this.keep(destinationArn, failure);
    const { clock, stores, newId } = this.engine;
    const [day = '', time = ''] = new Date(clock.now()).toISOString().split(/[T.]/);
    const folder = `aws/lambda/${mapping}/${shard}/${day.replaceAll('-', '/')}`;
    stores.s3.call('PutObject', {
      Bucket: destinationArn.slice('arn:aws:s3:::'.length),
      Key: `${folder}/${day}T${time.replaceAll(':', '.')}-${newId()}`,
      Body: Buffer.from(JSON.stringify({ ...failure, payload: JSON.stringify(payload) })),
      ContentType: 'application/json',
    });
  };

  /** Invokes a function asynchronously. @throws AwsError for an event that Lambda does not accept */
  invoke(functionArn: string, event: unknown): void {
    const { clock, functionOf, metrics } = this.engine;
    const settings = this.settings(functionArn);
    checkAsynchronous(event, settings);
    void invokeAsynchronously(functionOf(functionArn), event, settings, clock, this.keep).then(
      (kept) => {
        if (!kept) this.lost.push(event);
      },
      (error: unknown) => {
        // What a destination refuses is lost (docs.aws.amazon.com/lambda: monitoring-metrics-types).
        if (!isFailure(error)) throw error;
        const { name: FunctionName } = functionOf(functionArn).definition;
        metrics.put('AWS/Lambda', 'DestinationDeliveryFailures', { FunctionName }, 1);
        this.lost.push(event);
      },
    );
  }

  private settings(functionArn: string): AsynchronousSettings {
    const { template } = this.engine;
    const target = template.byArn(functionArn);
    const config = template
      .ofType('AWS::Lambda::EventInvokeConfig')
      .find(({ properties }) => isFunction(properties['FunctionName'], target))?.properties;
    const { OnFailure, OnSuccess } = (config?.['DestinationConfig'] ?? {}) as Record<string, { Destination?: string }>;
    const deadLetters = target?.properties['DeadLetterConfig'] as { TargetArn?: string } | undefined;
    return {
      maximumRetryAttempts: config?.['MaximumRetryAttempts'] as number | undefined,
      maximumEventAge: config?.['MaximumEventAgeInSeconds'] as number | undefined,
      onFailure: OnFailure?.Destination ?? deadLetters?.TargetArn,
      onSuccess: OnSuccess?.Destination,
    };
  }

  private refuse(target: string): void {
    const { faults, random } = this.engine;
    const { undeliverable } = faults;
    if (undeliverable?.to.test(target) === true && random('undeliverable')() < undeliverable.probability) {
      throw new RefusedDelivery(`${target} refuses the delivery`);
    }
  }

  private copies(target: string): number {
    const { faults, random } = this.engine;
    const { duplicates = 0 } = faults;
    return duplicates > 0 && !target.endsWith('.fifo') && random('duplicates')() < duplicates ? COPIES : 1;
  }
}

function isFunction(name: unknown, target: ResolvedResource | undefined): boolean {
  return name === target?.name || name === target?.arn;
}
