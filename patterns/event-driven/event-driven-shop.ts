import { Duration, Size } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { JwtHttpApi } from '../../lib/api/jwt-http-api';
import { reservable } from '../../lib/compute/concurrency-pool';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import { ServiceTable } from '../../lib/database/service-table';
import type { ApiDistribution } from '../../lib/edge/api-distribution';
import { EventRouter } from '../../lib/messaging/event-router';
import { FanOutTopic } from '../../lib/messaging/fan-out-topic';
import { NEW_ITEMS } from '../../lib/messaging/new-items';
import { Outbox } from '../../lib/messaging/outbox';
import { StreamPipe } from '../../lib/messaging/stream-pipe';
import { StreamPublisher } from '../../lib/messaging/stream-publisher';
import { AlarmTopic } from '../../lib/monitoring/alarm-topic';
import { Alarms } from '../../lib/monitoring/alarms';
import { FlowDashboard } from '../../lib/monitoring/dashboard';
import { constructIdOf } from '../../lib/naming/construct-id';
import { Environment } from '../../lib/runtime/contract';
import { DataKey } from '../../lib/security/data-key';
import type { UserDirectory } from '../../lib/security/user-directory';
import { type StageSettings, stages } from '../../lib/stage/stage';
import { ClaimsBucket } from '../../lib/storage/claims-bucket';
import { handles } from '../../lib/validation/explain';
import { refuse } from '../../lib/validation/refuse';
import { API_COUNTS_ERRORS, leaveUnwatched, leaveWithoutAlarms } from '../../lib/validation/unwatched';
import {
  FACT_SOURCE,
  FACT_TYPES,
  FRAUD_CHECK_ABOVE_CENTS,
  ORDER_EVENT_TYPES,
  ORDERS_BY_CUSTOMER_INDEX,
  OrderKeys,
  OrdersEnvironment,
} from './contract';
import type { EventDrivenShopProps, SignInUsers } from './event-driven-shop-props';
import { Fulfilment } from './fulfilment';
import { ORDER_EVENT_TEMPLATE } from './order-event-template';
import { ShopEdge } from './shop-edge';
import { type ServiceContext, type ServiceOptions, ShopService } from './shop-service';
import { shopUsers } from './shop-users';

/** Requests that the API handles at once, unless told otherwise. */
const API_CONCURRENCY = 50;

/**
 * An online shop's orders, event-driven: an API accepts an order with one conditional write; the table's stream publishes
 * it; SNS fans it out to a queue per service; services publish facts to a bus; a workflow fulfils. Read this
 * constructor from top to bottom as the order flows.
 */
export class EventDrivenShop extends Construct {
  readonly dataKey: DataKey;
  readonly alarmTopic: AlarmTopic;
  readonly alarms: Alarms;
  readonly api: JwtHttpApi;
  readonly ordersFunction: HandlerFunction;
  readonly orders: ServiceTable;
  readonly claims: ClaimsBucket;
  readonly fanOut: FanOutTopic;
  readonly outbox: Outbox;
  readonly router: EventRouter;
  readonly fulfilment: Fulfilment;
  readonly billing: ShopService;
  readonly inventory: ShopService;
  readonly notifications: ShopService;
  readonly fraudCheck: ShopService;
  /** The user pool that the pattern made; undefined when you brought one. */
  readonly users?: UserDirectory;
  /** In front of the API; undefined without the option `edge`. */
  readonly distribution?: ApiDistribution;
  /** Undefined in stages without one. */
  readonly dashboard?: FlowDashboard;

  private readonly context: ServiceContext;
  private readonly services = new Map<string, ShopService>();

  /** @throws RefusedValueError for a prop that cannot work; see the props. */
  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: it reads from top to bottom like the diagram
  constructor(scope: Construct, id: string, props: EventDrivenShopProps = {}) {
    super(scope, id);
    const stage = props.stage ?? stages.dev;
    const fifo = props.fifo === true;
    const { existing = {}, delivery } = props;

    this.dataKey = new DataKey(this, 'DataKey', {
      stage,
      description: 'Orders, events and logs of the event-driven shop',
      existing: existing.encryptionKey,
    });
    const encryptionKey = this.dataKey.key;
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      stage,
      encryptionKey,
      email: props.alarmEmail,
      existing: existing.alarmTopic,
    });
    this.alarms = new Alarms(this, 'Alarms', { stage, topic: this.alarmTopic.topic });
    if (stage.dashboard) this.dashboard = new FlowDashboard(this, 'Dashboard');

    // An order comes in and is accepted by one conditional write.
    this.orders = new ServiceTable(this, 'Orders', {
      stage,
      encryptionKey,
      accessPatterns: ['one order, by order id', "a customer's orders, newest first"],
      stream: true,
      indexes: [
        {
          indexName: ORDERS_BY_CUSTOMER_INDEX,
          partitionKey: { name: OrderKeys.customerId, type: AttributeType.STRING },
          sortKey: { name: OrderKeys.createdAt, type: AttributeType.STRING },
        },
      ],
    });
    this.claims = new ClaimsBucket(this, 'Claims', { stage, encryptionKey });
    const edge =
      props.edge === undefined ? undefined : new ShopEdge(this, 'Edge', { ...props.edge, stage, encryptionKey });
    this.ordersFunction = new HandlerFunction(this, 'OrdersApi', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('event-driven', 'orders-api'),
      serviceName: 'orders',
      timeout: Duration.seconds(10),
      memory: Size.mebibytes(1024),
      reservedConcurrency: props.apiConcurrency ?? reservable(this, stage, API_CONCURRENCY),
      environment: {
        [OrdersEnvironment.ordersTable]: this.orders.table.tableName,
        [OrdersEnvironment.ordersByCustomerIndex]: ORDERS_BY_CUSTOMER_INDEX,
        [Environment.claimsBucket]: this.claims.bucket.bucketName,
        ...(edge !== undefined && { [Environment.originVerifiers]: edge.secret.verifiers }),
      },
    });
    handles(
      this.ordersFunction.function,
      'apigw-async-long-work',
      'apigw-payload-10mb',
      'lambda-sync-payload-6mb',
      'ddb-gsi-eventual',
    );
    this.orders.grant(this.ordersFunction.function, ['dynamodb:GetItem', 'dynamodb:PutItem']);
    this.orders.grant(this.ordersFunction.function, ['dynamodb:Query'], ORDERS_BY_CUSTOMER_INDEX);
    this.claims.grantRead(this.ordersFunction.function);
    this.claims.grantWrite(this.ordersFunction.function);
    this.claims.grantDelete(this.ordersFunction.function);
    const { own, signIn } = shopUsers(this, stage, existing.users, encryptionKey, props);
    this.users = own;
    this.api = this.createApi(props, stage, encryptionKey, signIn);
    this.distribution = edge?.front(this.api.api, [this.ordersFunction.alias]);
    if (this.distribution !== undefined) leaveWithoutAlarms(this.distribution.distribution, API_COUNTS_ERRORS);

    // The table's stream publishes it to one topic.
    this.fanOut = new FanOutTopic(this, 'OrderEvents', {
      stage,
      encryptionKey,
      eventTypes: ORDER_EVENT_TYPES,
      fifo,
      existing: existing.topic,
    });
    this.publishOrders(stage, encryptionKey, fifo);

    // Facts of the services go to the bus by their outbox.
    this.router = new EventRouter(this, 'Facts', {
      stage,
      encryptionKey,
      source: FACT_SOURCE,
      detailTypes: FACT_TYPES,
      existing: existing.eventBus,
    });
    if (this.router.busDeadLetters !== undefined) this.alarms.watchDeadLetters('FactsBus', this.router.busDeadLetters);
    this.outbox = new Outbox(this, 'Outbox', {
      stage,
      encryptionKey,
      bus: this.router.bus,
      source: FACT_SOURCE,
      enrichment: HandlerCode.prebuilt('event-driven', 'outbox-events'),
    });
    this.watchPipe('Outbox', this.outbox.pipe);
    this.alarms.watchFunction('OutboxEnrichment', this.outbox.enrichment.function);
    leaveUnwatched(
      this.outbox.enrichment.logGroup,
      'What it logs as an error fails the pipe that calls it, which has an alarm.',
    );
    this.alarms.watchTable('Outbox', this.outbox.table.table);

    // Each service has its own queue, consumer and table.
    this.context = { stage, encryptionKey, outbox: this.outbox, claims: this.claims, fifo };
    this.billing = this.addPrebuiltService('billing', { readsLines: false });
    this.inventory = this.addPrebuiltService('inventory', {});
    this.notifications = this.addPrebuiltService('notifications', { readsLines: false, publishesFacts: false });

    // Content decides who else hears of a fact.
    const fraudCheck = HandlerCode.prebuilt('event-driven', 'fraud-check');
    this.fraudCheck = this.createService(
      'fraud-check',
      { readsLines: false, publishesFacts: false },
      fraudCheck,
      false,
    );
    this.route('FraudCheck', {
      detailTypes: ['payment.captured'],
      detail: { totalCents: [{ numeric: ['>', FRAUD_CHECK_ABOVE_CENTS] }] },
      target: this.fraudCheck.queue,
    });
    this.fulfilment = new Fulfilment(this, 'Fulfilment', { stage, encryptionKey, outbox: this.outbox, delivery });
    this.route('Fulfil', { detailTypes: ['stock.reserved'], target: this.fulfilment.stateMachine });
    this.alarms.watchWorkflow('Fulfilment', this.fulfilment.stateMachine);
    this.alarms.watchTable('Deliveries', this.fulfilment.table.table);
    this.alarms.watchAccountConcurrency(stage.accountConcurrency);
    this.dashboard?.addRow({
      title: 'Fulfilment',
      graphs: {
        Executions: [
          this.fulfilment.stateMachine.metricStarted(),
          this.fulfilment.stateMachine.metricSucceeded(),
          this.fulfilment.stateMachine.metricFailed(),
        ],
        Duration: [this.fulfilment.stateMachine.metricTime()],
      },
    });
  }

  /**
   * Adds a service that handles order events: its queue, dead-letter queues, filter, consumer, table, alarms and
   * dashboard row.
   *
   * @param name lower-case letters, digits and hyphens; it must be new
   * @throws RefusedValueError for a name that is taken or malformed, an event that is never published, or both or neither
   * of `entry` and `function`
   */
  addService(name: string, options: ServiceOptions): ShopService {
    const { entry, ...rest } = options;
    return this.createService(name, rest, entry === undefined ? undefined : HandlerCode.entry(entry), true);
  }

  private addPrebuiltService(name: string, options: Omit<ServiceOptions, 'entry'>): ShopService {
    return this.createService(name, options, HandlerCode.prebuilt('event-driven', name), true);
  }

  private createService(
    name: string,
    options: Omit<ServiceOptions, 'entry'>,
    code: HandlerCode | undefined,
    subscribes: boolean,
  ): ShopService {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name) || this.services.has(name)) {
      refuse(this, {
        prop: 'service name',
        value: name,
        allowed: 'a unique name of at most 31 lower-case letters, digits and hyphens that begins with a letter',
        fix: this.services.has(name) ? 'give each service a unique name' : 'rename the service',
        catalogueId: 'one-queue-per-service',
      });
    }
    const id = constructIdOf(name);
    const service = new ShopService(this, id, {
      ...options,
      code,
      serviceName: name,
      context: { ...this.context, fifo: this.context.fifo && subscribes },
    });
    this.services.set(name, service);
    if (subscribes) {
      const undelivered = this.fanOut.subscribe(id, {
        queue: service.queue,
        eventTypes: options.events ?? ORDER_EVENT_TYPES,
      });
      this.alarms.watchDeadLetters(`${id}Subscription`, undelivered);
    }
    this.watchService(id, name, service);
    return service;
  }

  private watchService(id: string, name: string, service: ShopService): void {
    this.alarms.watchDeadLetters(id, service.queue.deadLetterQueue);
    this.alarms.watchQueue(id, service.queue.queue);
    if (service.handler === undefined) this.alarms.watchFunction(id, service.function);
    else this.alarms.watchHandler(id, service.handler, service.node.path);
    if (service.table !== undefined) this.alarms.watchTable(id, service.table.table);
    this.dashboard?.addRow({
      title: name,
      graphs: {
        'Queue depth and age': [
          service.queue.queue.metricApproximateNumberOfMessagesVisible(),
          service.queue.queue.metricApproximateAgeOfOldestMessage(),
        ],
        'Dead letters': [service.queue.deadLetterQueue.metricApproximateNumberOfMessagesVisible()],
        'Errors and throttles': [service.function.metricErrors(), service.function.metricThrottles()],
        Duration: [service.function.metricDuration({ statistic: 'p99' })],
      },
    });
  }

  private createApi(
    props: EventDrivenShopProps,
    stage: StageSettings,
    encryptionKey: ServiceContext['encryptionKey'],
    users: SignInUsers,
  ): JwtHttpApi {
    const api = new JwtHttpApi(this, 'Api', {
      stage,
      encryptionKey,
      userPool: users.userPool,
      userPoolClients: users.clients,
      allowedOrigins: props.allowedOrigins,
    });
    const handler = this.ordersFunction.alias;
    api.route(HttpMethod.POST, '/orders', handler);
    api.route(HttpMethod.GET, '/orders', handler);
    api.route(HttpMethod.GET, '/orders/{id}', handler);
    this.alarms.watchHttpApi(api.api, props.latencySlo);
    this.alarms.watchHandler('OrdersApi', this.ordersFunction);
    this.alarms.watchTable('Orders', this.orders.table);
    this.dashboard?.addRow({
      title: 'API',
      graphs: {
        Requests: [api.httpStage.metricCount(), api.httpStage.metricClientError(), api.httpStage.metricServerError()],
        'Latency p99': [api.httpStage.metricLatency({ statistic: 'p99' })],
        Handler: [this.ordersFunction.function.metricErrors(), this.ordersFunction.function.metricThrottles()],
      },
    });
    return api;
  }

  private publishOrders(
    stage: ServiceContext['stage'],
    encryptionKey: ServiceContext['encryptionKey'],
    fifo: boolean,
  ): void {
    this.alarms.watchTopic('OrderEvents', this.fanOut.topic);
    if (!fifo) {
      const pipe = new StreamPipe(this, 'PublishOrders', {
        stage,
        encryptionKey,
        table: this.orders.table,
        filters: NEW_ITEMS,
        target: { topic: this.fanOut.topic },
        inputTemplate: ORDER_EVENT_TEMPLATE,
      });
      this.watchPipe('PublishOrders', pipe);
      this.alarms.watchOutboxLag('PublishOrders', 'notifications');
      return;
    }
    const publisher = new HandlerFunction(this, 'OrderPublisher', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('event-driven', 'publish-order-events'),
      serviceName: 'order-publisher',
      timeout: Duration.seconds(30),
      environment: { [Environment.fanOutTopicArn]: this.fanOut.topic.topicArn },
    });
    handles(publisher.function, 'sqs-fifo-group-id');
    const { deadLetterQueue } = new StreamPublisher(this, 'PublishOrders', {
      stage,
      encryptionKey,
      table: this.orders.table,
      topic: this.fanOut.topic,
      publisher,
      filters: NEW_ITEMS,
    });
    this.alarms.watchDeadLetters('PublishOrders', deadLetterQueue);
    this.alarms.watchIteratorAge('PublishOrders', publisher.function);
    this.alarms.watchHandler('OrderPublisher', publisher);
  }

  private route(id: string, props: Parameters<EventRouter['route']>[1]): void {
    const deadLetterQueue = this.router.route(id, props);
    this.alarms.watchDeadLetters(`${id}Rule`, deadLetterQueue);
    const rule = this.router.rules.get(id);
    if (rule !== undefined) this.alarms.watchRule(id, rule, this.router.bus);
  }

  private watchPipe(id: string, pipe: StreamPipe): void {
    this.alarms.watchPipe(id, pipe.pipe);
    this.alarms.watchDeadLetters(`${id}Pipe`, pipe.deadLetterQueue);
  }
}
