import { randomUUID } from 'node:crypto';
import type { SynthesizedStack } from '../assembly/cloud-assembly';
import { type ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';
import { LocalBedrock } from '../aws/bedrock/service';
import { LocalKinesis } from '../aws/kinesis/service';
import { LocalRole } from '../aws/local-role';
import { LocalS3 } from '../aws/s3';
import { objectDetail } from '../aws/s3/bucket';
import { type LocalAws, startLocalAws } from '../aws/server';
import type { LocalService } from '../aws/service';
import { LocalSns } from '../aws/sns';
import { LocalSqs } from '../aws/sqs';
import type { LocalUserPool } from '../aws/user-pool';
import type { OnCall, RecordedCall, Services } from '../aws/wire';
import { type Clock, sleep } from '../clock/clock';
import { VirtualClock } from '../clock/virtual-clock';
import { AccountConcurrency } from '../lambda/concurrency';
import { functionDefinition } from '../lambda/function-definition';
import { inProcessSandboxes } from '../lambda/in-process-sandbox';
import { LocalFunction } from '../lambda/local-function';
import type { FunctionDefinition } from '../lambda/sandbox';
import { threadSandboxes } from '../lambda/thread-sandbox';
import { wouldFire } from '../monitoring/alarms';
import { MetricFilters } from '../monitoring/metric-filters';
import { LocalMetrics } from '../monitoring/metrics';
import type { ApiAnswer } from './api-integrations';
import type { EngineContext } from './context';
import { type NotRun, notRun } from './coverage';
import { DeliveryStream } from './delivery-stream';
import { Destinations } from './destinations';
import { LocalEventBus } from './event-bus';
import { queuePoller } from './event-sources';
import { isFailure } from './failure';
import type { Faults } from './faults';
import { Hops } from './hops';
import type { ApiRequest } from './http-api';
import { apiOf, type LocalApi } from './local-api';
import { checkStreamReaders, localTables } from './local-tables';
import { LocalWorld, type Stores } from './local-world';
import { pipe } from './pipe';
import type { QueuePoller } from './queue-poller';
import { type Random, seededId, seededRandom } from './random';
import { startSchedule } from './schedules';
import { LocalStateMachine } from './state-machine';
import { streamMapping } from './stream-mapping';
import type { StreamReader } from './stream-reader';
import { inTime, type StreamedAnswer } from './streamed-answer';
import { throttledWrite } from './table-throttles';
import { userPoolsOf } from './user-pools';
import type { World } from './world';
import { inFlightWrites } from './write-latency';

/** How to run a stack. */
export interface LocalEngineOptions {
  readonly seed?: number;
  readonly faults?: Faults;
  /** Folders of handlers to run in place of the assembly's, by the service's name. @default - the assembly's */
  readonly code?: Readonly<Record<string, string>>;
  /** Hears of every AWS call, with the logical id of the function as access key. */
  readonly onCall?: OnCall;
  /** Hears of every line that a function logs, but for metrics. */
  readonly onLog?: (definition: FunctionDefinition, line: string) => void;
  /** @default - virtual time */
  readonly clock?: Clock;
  /**
   * Where handlers run: in this process on the engine's clock, or in threads with the real SDK over HTTP.
   *
   * @default process
   */
  readonly handlers?: 'process' | 'threads';
  /** Whether time stands still while a handler in this process runs, as one must that talks to a database. @default false */
  readonly holdsTime?: boolean;
  /** Stores of another engine, and how the SDK's calls get there. @default - our own */
  readonly world?: World;
  readonly services?: Services;
  /** Whether schedules run. @default false - `notRun` counts them */
  readonly schedules?: boolean;
  /** Concurrent executions that the account has. @default 1000 */
  readonly accountConcurrency?: number;
  /** What answers calls of Bedrock over HTTP in place of the stand-in, which it is given. @default - the stand-in */
  readonly models?: (standIn: LocalBedrock) => LocalService;
  /** Milliseconds between two tokens of the model that stands in. @default 0 */
  readonly tokenMs?: number;
}

/** Between a client's request and its arrival. */
const NETWORK_MS = 25;

/** An ingestion job of a few documents. */
const INGESTION_MS = 5000;

/** What functions sign with; an access key is its function's logical id. */
const SECRET_ACCESS_KEY = 'local';

/** Threads that a function may have at once; more would only wait for this machine's cores. */
const THREADS = 4;

/**
 * Runs a synthesized stack's data path: its API, functions, streams, pipes, topics, queues, rules and state machines, wired
 * as the template wires them.
 */
export class LocalEngine implements EngineContext {
  readonly template: ResolvedTemplate;
  readonly deployment: SynthesizedStack['deployment'];
  readonly clock: Clock;
  readonly faults: Faults;
  readonly metrics: LocalMetrics;
  readonly hops = new Hops();
  readonly stores: Stores;
  /** The stores as callers meet them: writes of tables take time, where the faults say so. */
  private readonly services: Services & { readonly dynamodb: LocalService };
  readonly world: World;
  readonly functions = new Map<string, LocalFunction>();
  readonly stateMachines = new Map<string, LocalStateMachine>();
  readonly pollers: QueuePoller[] = [];
  readonly readers: StreamReader<unknown>[] = [];
  readonly deliveries: DeliveryStream[] = [];
  readonly userPools: ReadonlyMap<string, LocalUserPool>;
  /** Who may sign requests. */
  readonly role: LocalRole;
  readonly destinations = new Destinations(this);
  readonly api: LocalApi;
  /** What of the template has no data path. */
  readonly notRun: NotRun;
  concurrency = new AccountConcurrency([]);
  bus?: LocalEventBus;
  readonly onCall: OnCall;
  readonly newId: () => string;
  private aws?: LocalAws;
  private readonly chances = new Map<string, Random>();

  private constructor(
    /** What it runs. */
    readonly stack: SynthesizedStack,
    private readonly options: LocalEngineOptions,
  ) {
    this.notRun = notRun(stack.template, options);
    this.deployment = stack.deployment;
    this.template = new ResolvedTemplate(stack.template, stack.deployment);
    this.clock = options.clock ?? new VirtualClock();
    this.faults = options.faults ?? {};
    const { clock, deployment } = this;
    const now = () => clock.now();
    this.metrics = new LocalMetrics(now);
    const ids = this.random('ids');
    // Real time cannot be repeated, so that ids need not be either.
    this.newId = options.handlers === 'threads' ? randomUUID : () => seededId(ids);
    const order = this.random('order');
    const pick = this.faults.reordering === true ? (count: number) => Math.floor(order() * count) : undefined;
    const s3 = new LocalS3(now, {
      secretAccessKey: SECRET_ACCESS_KEY,
      onChange: (change) => {
        const { type, bucket } = change;
        const detail = objectDetail(change, this.newId());
        this.bus?.putOnDefault('aws.s3', type, detail, [`arn:aws:s3:::${bucket}`]);
      },
    });
    this.stores = {
      bedrock: new LocalBedrock({ s3, clock, jobMs: INGESTION_MS, tokenMs: options.tokenMs }),
      dynamodb: localTables(this),
      kinesis: new LocalKinesis(deployment, now, {
        throttled: () => this.drawn('throttles', 'stream throttles'),
        onRecord: ({ shards }) => {
          if (this.drawn('shardSplits', 'stream splits')) shards.split();
        },
        measure: (metric, StreamName, value) => this.metrics.put('AWS/Kinesis', metric, { StreamName }, value),
      }),
      s3,
      sns: new LocalSns(
        deployment,
        (subscription, delivery) => this.destinations.fromTopic(subscription, delivery),
        this.newId,
        isFailure,
      ),
      sqs: new LocalSqs(deployment, now, {
        pick,
        newId: this.newId,
        onDepth: (QueueName, visible) =>
          this.metrics.put('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName }, visible),
        onAge: (QueueName, age) =>
          this.metrics.put('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName }, age / 1000),
      }),
    };
    this.onCall = (call) => this.hear(call);
    this.services = { ...this.stores, dynamodb: inFlightWrites(this, this.stores.dynamodb) };
    this.world = options.world ?? new LocalWorld(this.stores, clock, this.services.dynamodb);
    this.userPools = userPoolsOf(this.template, now, this.newId, (arn) => this.functionOf(arn));
    this.role = new LocalRole(deployment, this.random('role'));
    this.api = apiOf(this.template, {
      clock,
      metrics: this.metrics,
      hops: this.hops,
      newId: this.newId,
      functionOf: (arn) => this.functionOf(arn),
      kinesis: this.stores.kinesis,
      userPools: [...this.userPools.values()],
      role: this.role,
    });
  }

  /**
   * Builds everything that the template defines and starts it.
   *
   * @throws Error naming what of the template is not known here
   */
  static async start(stack: SynthesizedStack, options: LocalEngineOptions = {}): Promise<LocalEngine> {
    const engine = new LocalEngine(stack, options);
    await engine.world.create(engine.template);
    if (options.handlers === 'threads') {
      const bedrock = options.models?.(engine.stores.bedrock) ?? engine.stores.bedrock;
      engine.aws = await startLocalAws(options.services ?? { ...engine.services, bedrock }, { onCall: engine.onCall });
    }
    engine.createFunctions();
    engine.wire();
    return engine;
  }

  /** What its models and knowledge bases are played by: for scripts, and for what was asked of it. */
  get bedrock(): LocalBedrock {
    return this.stores.bedrock;
  }

  /** Where its stores listen for the SDK; undefined when handlers run in this process. */
  get endpoint(): string | undefined {
    return this.aws?.endpoint;
  }

  /** Ends every thread and closes the port. */
  async stop(): Promise<void> {
    for (const part of [...this.pollers, ...this.readers, ...this.deliveries]) part.stop();
    await Promise.all([...this.functions.values()].map((fn) => fn.stop()));
    await this.aws?.close();
    await this.world.stop();
  }

  /** Loads every function's code, as nothing else would before its first invocation. @throws Error for what cannot be */
  async loadHandlers(): Promise<void> {
    await Promise.all([...this.functions.values()].map((fn) => fn.load()));
  }

  /** Works until nothing is left to do; what waits for a time gets it. */
  settle(): Promise<void> {
    return this.clock.settle();
  }

  /** Lets time pass until some work is done. */
  during<T>(work: Promise<T>): Promise<T> {
    return this.clock.during(work);
  }

  /** Sends a request to the API over a network that takes its time, and waits for the answer. */
  request(request: ApiRequest): Promise<ApiAnswer> {
    return this.during(sleep(this.clock, NETWORK_MS).then(() => this.api.request(request)));
  }

  /** Sends a request likewise, and resolves when the answer begins; time passes while its body is read. */
  async stream(request: ApiRequest): Promise<StreamedAnswer> {
    const { body, ...head } = await this.during(sleep(this.clock, NETWORK_MS).then(() => this.api.stream(request)));
    return { ...head, body: inTime(body, (work) => this.during(work)) };
  }

  /** A header with a token of a signed-in user. */
  signedIn(user: string): { readonly authorization: string } {
    const [client] = this.template.ofType('AWS::Cognito::UserPoolClient');
    const pool = this.userPools.get(String(client?.properties['UserPoolId']));
    if (client === undefined || pool === undefined) throw new Error('The template has no user pool with a client');
    return { authorization: `Bearer ${pool.accessToken(user, client.name)}` };
  }

  /** Logical ids of the alarms that would have gone off by now. */
  firedAlarms(): string[] {
    return this.template
      .ofType('AWS::CloudWatch::Alarm')
      .filter((alarm) => wouldFire(alarm, this.metrics))
      .map(({ logicalId }) => logicalId);
  }

  /** The resource whose logical id begins so, of a type. */
  find(type: string, prefix: string): ResolvedResource {
    const found = this.template.ofType(type).filter(({ logicalId }) => logicalId.startsWith(prefix));
    const [only] = found;
    if (only === undefined || found.length > 1)
      throw new Error(`${found.length} resources ${type} begin with ${prefix}`);
    return only;
  }

  /** The function that an ARN, of itself or of its alias, names. */
  readonly functionOf = (arn: string): LocalFunction => {
    const resource = this.template.byArn(arn);
    const found = resource === undefined ? undefined : this.functions.get(resource.logicalId);
    if (found === undefined) throw new Error(`${arn} is no function of the template`);
    return found;
  };

  readonly random = (name: string): Random => {
    const known = this.chances.get(name);
    if (known !== undefined) return known;
    const chance = seededRandom(this.options.seed ?? 1, name);
    this.chances.set(name, chance);
    return chance;
  };

  private hear(call: RecordedCall): void {
    this.options.onCall?.(call);
    this.disturb(call);
  }

  private drawn(fault: 'throttles' | 'shardSplits', chance: string): boolean {
    const { [fault]: probability = 0 } = this.faults;
    return probability > 0 && this.random(chance)() < probability;
  }

  /** A bad day for tables. */
  private disturb(call: RecordedCall): void {
    const { throttles = 0, shardSplits = 0 } = this.faults;
    if (call.service !== 'dynamodb' || ['GetItem', 'Query'].includes(call.action)) return;
    if (throttles > 0 && this.random('throttles')() < throttles) {
      const { error, table: TableName } = throttledWrite(call, this.random('ways to throttle'));
      this.metrics.put('AWS/DynamoDB', 'WriteThrottleEvents', { TableName }, 1);
      throw error;
    }
    if (shardSplits > 0 && this.random('shard splits')() < shardSplits) {
      for (const table of this.stores.dynamodb.all()) table.shards.split();
    }
  }

  private createFunctions(): void {
    const { clock, metrics, faults, services, onCall } = this;
    const { holdsTime } = this.options;
    const platform = {
      AWS_REGION: this.deployment.region,
      AWS_ENDPOINT_URL: this.aws?.endpoint ?? 'http://127.0.0.1:1',
      AWS_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
    };
    const definitions = this.template
      .ofType('AWS::Lambda::Function')
      .flatMap((resource) => functionDefinition(resource, this.stack, this.options.code) ?? []);
    this.concurrency = new AccountConcurrency(definitions, this.options.accountConcurrency);
    const threads = this.options.handlers === 'threads';
    const createSandbox = threads
      ? threadSandboxes(clock, platform)
      : inProcessSandboxes({ clock, services, onCall, random: this.random('handlers'), platform, holdsTime });
    const filters = new MetricFilters(this.template, metrics);
    for (const definition of definitions) {
      const context = {
        clock,
        createSandbox,
        concurrency: this.concurrency,
        metrics,
        faults,
        random: this.random(definition.logicalId),
        environments: threads ? THREADS : Number.POSITIVE_INFINITY,
        log: (from: FunctionDefinition, line: string) => {
          filters.read(from.logGroup, line);
          this.options.onLog?.(from, line);
        },
      };
      this.functions.set(definition.logicalId, new LocalFunction(definition, context));
    }
  }

  private wire(): void {
    const { template, clock, world, deployment, newId, metrics, destinations } = this;
    const onCall = (call: RecordedCall) => this.disturb(call);
    for (const { arn = '', logicalId, properties } of template.ofType('AWS::StepFunctions::StateMachine')) {
      const context = { clock, random: this.random(logicalId), dynamodb: world.dynamodb, onCall };
      this.stateMachines.set(arn, new LocalStateMachine(arn, String(properties['DefinitionString']), context));
    }
    this.bus = new LocalEventBus(template.ofType('AWS::Events::Rule'), {
      location: deployment,
      clock,
      newId,
      metrics,
      deliver: destinations.fromBus,
      deadLetter: destinations.keep,
    });
    checkStreamReaders(template);
    for (const mapping of template.ofType('AWS::Lambda::EventSourceMapping')) {
      const source = String(mapping.properties['EventSourceArn']);
      if (source.includes(':sqs:')) this.pollers.push(queuePoller(this, mapping));
      else this.readers.push(streamMapping(this, mapping, destinations) as StreamReader<unknown>);
    }
    for (const each of template.ofType('AWS::Pipes::Pipe')) {
      this.readers.push(pipe(this, each, destinations) as StreamReader<unknown>);
    }
    for (const each of template.ofType('AWS::KinesisFirehose::DeliveryStream')) {
      this.deliveries.push(new DeliveryStream(this, each));
    }
    for (const part of [...this.pollers, ...this.readers, ...this.deliveries]) part.start();
    if (this.options.schedules !== true) return;
    for (const schedule of template.ofType('AWS::Scheduler::Schedule')) startSchedule(this, schedule, destinations);
  }
}
