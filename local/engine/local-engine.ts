import type { SynthesizedStack } from '../assembly/cloud-assembly';
import { type ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';
import { LocalDynamoDb } from '../aws/dynamodb/store';
import type { StreamRecord } from '../aws/dynamodb/table';
import { LocalS3 } from '../aws/s3';
import { type LocalAws, type RecordedCall, startLocalAws } from '../aws/server';
import { AwsError } from '../aws/service';
import { LocalSns, type QueueSubscription } from '../aws/sns';
import { LocalSqs } from '../aws/sqs';
import { LocalFunction } from '../lambda/local-function';
import type { EventPattern } from '../matching/event-pattern';
import { LocalEventBus } from './event-bus';
import { COPIES, type Faults } from './faults';
import { LocalHttpApi } from './http-api';
import { fillTemplate, valueAt } from './input-template';
import { QueuePoller } from './queue-poller';
import { seededRandom } from './random';
import { LocalStateMachine } from './state-machine';
import { StreamReader } from './stream-reader';
import { tableDefinition } from './table-definition';

/** How to run a stack. */
export interface LocalEngineOptions {
  readonly seed?: number;
  readonly faults?: Faults;
  /** Folders of handlers to run in place of the assembly's, by the service's name. @default - the assembly's */
  readonly code?: Readonly<Record<string, string>>;
  /** Hears of every AWS call that a function makes, with the function's name as access key. */
  readonly onCall?: (call: RecordedCall) => void;
}

const DEPLOYMENT = { account: '111111111111', region: 'eu-west-1', stackName: 'EventDriven' };
const FIRST_MOMENT = Date.parse('2026-01-01T00:00:00Z');

/**
 * Runs a synthesized stack's data path in memory: its API, functions, streams, pipes, topics, queues, rules and state
 * machines, wired as the template wires them. Time is virtual: it moves only when nothing else can.
 */
export class LocalEngine {
  readonly template: ResolvedTemplate;
  readonly dynamodb: LocalDynamoDb;
  readonly sqs: LocalSqs;
  readonly sns: LocalSns;
  readonly s3 = new LocalS3();
  readonly functions = new Map<string, LocalFunction>();
  readonly pollers: QueuePoller[] = [];
  readonly stateMachines = new Map<string, LocalStateMachine>();
  readonly api: LocalHttpApi;
  bus?: LocalEventBus;
  private aws?: LocalAws;
  private readonly readers: StreamReader[] = [];
  private readonly executions: { machine: LocalStateMachine; name: string; input: unknown }[] = [];
  private time = FIRST_MOMENT;
  private readonly random = (name: string) => seededRandom(this.options.seed ?? 1, name);

  private constructor(
    private readonly stack: SynthesizedStack,
    private readonly options: LocalEngineOptions,
  ) {
    this.template = new ResolvedTemplate(stack.template, DEPLOYMENT);
    const now = () => this.time;
    const order = this.random('order');
    const anyOrder = options.faults?.reordering === true;
    this.dynamodb = new LocalDynamoDb(DEPLOYMENT, now);
    this.sqs = new LocalSqs(DEPLOYMENT, now, anyOrder ? (count) => Math.floor(order() * count) : undefined);
    const duplicates = this.random('duplicates');
    this.sns = new LocalSns(DEPLOYMENT, (arn, message) => {
      const queue = this.sqs.queue(arn);
      const copies = !queue.fifo && duplicates() < (options.faults?.duplicates ?? 0) ? COPIES : 1;
      for (let copy = 0; copy < copies; copy += 1) queue.send(message);
    });
    this.api = new LocalHttpApi(this.template, (arn) => this.functionOf(arn));
  }

  /** Builds everything that the template defines and starts listening. */
  static async start(stack: SynthesizedStack, options: LocalEngineOptions = {}): Promise<LocalEngine> {
    const engine = new LocalEngine(stack, options);
    engine.createStores();
    const throttle = engine.random('throttles');
    engine.aws = await startLocalAws(
      { dynamodb: engine.dynamodb, s3: engine.s3, sns: engine.sns, sqs: engine.sqs },
      {
        onCall: (call) => {
          options.onCall?.(call);
          const writes = call.service === 'dynamodb' && !['GetItem', 'Query'].includes(call.action);
          if (writes && throttle() < (options.faults?.throttles ?? 0)) {
            throw new AwsError('ProvisionedThroughputExceededException', 'The table is throttled');
          }
        },
      },
    );
    engine.createFunctions(engine.aws.endpoint);
    engine.wire();
    return engine;
  }

  /** Ends every thread and closes the port. */
  async stop(): Promise<void> {
    await Promise.all([...this.functions.values()].map((fn) => fn.stop()));
    await this.aws?.close();
  }

  /** Works until nothing is left to do; waits for visibility timeouts in virtual time. */
  async settle(): Promise<void> {
    for (;;) {
      const steps = [...this.readers.map((reader) => reader.step()), ...this.pollers.map((poller) => poller.step())];
      const worked = (await Promise.all(steps)).includes(true);
      const executed = await this.runExecutions();
      if (worked || executed) continue;
      const waiting = this.pollers.flatMap(({ queue }) => queue.nextVisibleAt() ?? []);
      if (waiting.length === 0) return;
      this.time = Math.max(this.time, Math.min(...waiting));
    }
  }

  /** The resource whose logical id begins so, of a type. */
  find(type: string, prefix: string): ResolvedResource {
    const found = this.template.ofType(type).filter(({ logicalId }) => logicalId.startsWith(prefix));
    const [only] = found;
    if (only === undefined || found.length > 1)
      throw new Error(`${found.length} resources ${type} begin with ${prefix}`);
    return only;
  }

  functionOf(arn: string): LocalFunction {
    const resource = this.template.byArn(arn);
    const found = resource === undefined ? undefined : this.functions.get(resource.logicalId);
    if (found === undefined) throw new Error(`${arn} is no function of the template`);
    return found;
  }

  private createStores(): void {
    for (const queue of this.template.ofType('AWS::SQS::Queue')) {
      const attributes = Object.entries(queue.properties)
        .filter(([name]) => name !== 'Tags')
        .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const);
      this.sqs.createQueue(queue.arn?.split(':').pop() ?? '', Object.fromEntries(attributes));
    }
    for (const table of this.template.ofType('AWS::DynamoDB::Table')) {
      this.dynamodb.createTable(tableDefinition(table), `${table.arn}/stream/2026-01-01T00:00:00.000`);
    }
    for (const bucket of this.template.ofType('AWS::S3::Bucket')) this.s3.createBucket(bucket.name);
    for (const topic of this.template.ofType('AWS::SNS::Topic'))
      this.sns.createTopic(topic.name.split(':').pop() ?? '');
    for (const { properties } of this.template.ofType('AWS::SNS::Subscription')) {
      if (properties['Protocol'] === 'sqs')
        this.sns.subscribe(String(properties['TopicArn']), subscription(properties));
    }
  }

  private createFunctions(endpoint: string): void {
    for (const { logicalId, name, arn = '', properties } of this.template.ofType('AWS::Lambda::Function')) {
      const { S3Key } = properties['Code'] as { S3Key?: string };
      // CDK's own provider functions work at deployment only.
      const { Variables } = (properties['Environment'] ?? {}) as { Variables?: Record<string, string> };
      if (Variables === undefined || S3Key === undefined) continue;
      const definition = {
        name,
        arn,
        folder: this.options.code?.[Variables['POWERTOOLS_SERVICE_NAME'] ?? ''] ?? this.stack.assetFolder(S3Key),
        handler: String(properties['Handler']),
        environment: Variables,
        timeout: Number(properties['Timeout']),
      };
      const platform = {
        AWS_REGION: DEPLOYMENT.region,
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: logicalId,
        AWS_SECRET_ACCESS_KEY: 'local',
      };
      this.functions.set(logicalId, new LocalFunction(definition, platform));
    }
  }

  private wire(): void {
    for (const { arn = '', properties } of this.template.ofType('AWS::StepFunctions::StateMachine')) {
      const onCall = () => undefined;
      const definition = String(properties['DefinitionString']);
      this.stateMachines.set(arn, new LocalStateMachine(arn, definition, this.dynamodb, onCall));
    }
    const rules = this.template.ofType('AWS::Events::Rule');
    this.bus = new LocalEventBus(
      DEPLOYMENT,
      rules,
      () => this.time,
      (arn, input, event) => {
        const machine = this.stateMachines.get(arn);
        // EventBridge names an execution after the event, so that its own retries start one.
        if (machine !== undefined) this.executions.push({ machine, name: event.id, input });
        else this.sqs.queue(arn).send({ body: JSON.stringify(input) });
      },
    );
    for (const mapping of this.template.ofType('AWS::Lambda::EventSourceMapping')) this.wireMapping(mapping);
    for (const pipe of this.template.ofType('AWS::Pipes::Pipe')) this.wirePipe(pipe);
  }

  private wireMapping({ properties }: ResolvedResource): void {
    const source = String(properties['EventSourceArn']);
    const consumer = this.functionOf(this.arnOfFunction(String(properties['FunctionName'])));
    const batchSize = Number(properties['BatchSize']);
    if (source.includes(':sqs:')) {
      const queue = this.sqs.queue(source);
      const deadLetter: ConstructorParameters<typeof QueuePoller>[5] = (message, arn) =>
        this.sqs.queue(arn).accept({ ...message, from: queue.arn });
      const faults = this.options.faults ?? {};
      const scaling = properties['ScalingConfig'] as { MaximumConcurrency?: number } | undefined;
      const maxConcurrency = scaling?.MaximumConcurrency ?? 1000;
      this.pollers.push(
        new QueuePoller(
          queue,
          consumer,
          batchSize,
          maxConcurrency,
          DEPLOYMENT.region,
          deadLetter,
          faults,
          this.random(queue.name),
        ),
      );
      return;
    }
    const destination = (properties['DestinationConfig'] as { OnFailure?: { Destination?: string } } | undefined)
      ?.OnFailure;
    this.read(source, {
      batchSize,
      filters: filtersOf(properties['FilterCriteria']),
      retryAttempts: Number(properties['MaximumRetryAttempts']),
      bisects: properties['BisectBatchOnFunctionError'] === true,
      deadLetterArn: destination?.Destination,
      handle: async (records) => {
        const answer = (await consumer.invoke({ Records: records })) as {
          batchItemFailures?: { itemIdentifier: string }[];
        };
        const [first] = answer.batchItemFailures ?? [];
        if (first === undefined) return records.length;
        return records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === first.itemIdentifier);
      },
    });
  }

  private wirePipe({ properties }: ResolvedResource): void {
    const { DynamoDBStreamParameters: stream, FilterCriteria } = properties['SourceParameters'] as {
      DynamoDBStreamParameters: Record<string, unknown>;
      FilterCriteria?: unknown;
    };
    const { EventBridgeEventBusParameters: bus, InputTemplate = '' } = properties['TargetParameters'] as {
      EventBridgeEventBusParameters?: { Source: string; DetailType: string };
      InputTemplate?: string;
    };
    const target = String(properties['Target']);
    const enrichment =
      properties['Enrichment'] === undefined ? undefined : this.functionOf(String(properties['Enrichment']));
    this.read(String(properties['Source']), {
      batchSize: Number(stream['BatchSize']),
      filters: filtersOf(FilterCriteria),
      retryAttempts: Number(stream['MaximumRetryAttempts']),
      bisects: stream['OnPartialBatchItemFailure'] === 'AUTOMATIC_BISECT',
      deadLetterArn: (stream['DeadLetterConfig'] as { Arn?: string } | undefined)?.Arn,
      handle: async (records) => {
        const events = enrichment === undefined ? records : ((await enrichment.invoke(records)) as unknown[]);
        for (const event of events) {
          const input = fillTemplate(InputTemplate, event);
          if (bus !== undefined) this.bus?.put(bus.Source, String(valueAt(event, bus.DetailType)), input);
          else this.sns.publish(target, { Message: JSON.stringify(input) });
        }
        return records.length;
      },
    });
  }

  private read(
    streamArn: string,
    source: ConstructorParameters<typeof StreamReader>[1] & {
      readonly deadLetterArn?: string;
      readonly handle: ConstructorParameters<typeof StreamReader>[2];
    },
  ): void {
    const table = this.dynamodb.table(streamArn.split('/')[1] ?? '');
    const giveUp = (record: StreamRecord) => {
      if (source.deadLetterArn === undefined) throw new Error(`A record of ${streamArn} was lost`);
      // What is kept is where to find the record, not the record (AWS: on-failure destinations).
      const body = JSON.stringify({
        DDBStreamBatchInfo: { startSequenceNumber: record.dynamodb.SequenceNumber, streamArn },
      });
      this.sqs.queue(source.deadLetterArn).send({ body });
    };
    this.readers.push(new StreamReader(table, source, source.handle, giveUp));
  }

  /** Mappings may name a function by its name. */
  private arnOfFunction(reference: string): string {
    if (reference.startsWith('arn:')) return reference;
    return this.template.ofType('AWS::Lambda::Function').find(({ name }) => name === reference)?.arn ?? reference;
  }

  private async runExecutions(): Promise<boolean> {
    const due = this.executions.splice(0);
    for (const { machine, name, input } of due) await machine.execute(name, input);
    return due.length > 0;
  }
}

function filtersOf(criteria: unknown): EventPattern[] {
  const { Filters = [] } = (criteria ?? {}) as { Filters?: { Pattern: string }[] };
  return Filters.map(({ Pattern }) => JSON.parse(Pattern) as EventPattern);
}

function subscription(properties: Readonly<Record<string, unknown>>): QueueSubscription {
  const redrive = properties['RedrivePolicy'] as { deadLetterTargetArn?: string } | undefined;
  return {
    queueArn: String(properties['Endpoint']),
    filterPolicy: properties['FilterPolicy'] as QueueSubscription['filterPolicy'],
    filterPolicyScope: properties['FilterPolicyScope'] as QueueSubscription['filterPolicyScope'],
    rawMessageDelivery: properties['RawMessageDelivery'] === true,
    deadLetterTargetArn: redrive?.deadLetterTargetArn,
  };
}
