// The web app's architecture as a CDK user writes it by hand, in three stacks: network, data, application. Serverless caches and firewalls
// have no L2.
const { CustomResource, Duration, Stack } = require('aws-cdk-lib');
const { HttpApi, HttpMethod, HttpNoneAuthorizer } = require('aws-cdk-lib/aws-apigatewayv2');
const { HttpUserPoolAuthorizer } = require('aws-cdk-lib/aws-apigatewayv2-authorizers');
const { HttpLambdaIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { Metric } = require('aws-cdk-lib/aws-cloudwatch');
const {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} = require('aws-cdk-lib/aws-ec2');
const { CfnServerlessCache, CfnUser, CfnUserGroup } = require('aws-cdk-lib/aws-elasticache');
const { Rule } = require('aws-cdk-lib/aws-events');
const { SqsQueue } = require('aws-cdk-lib/aws-events-targets');
const { PolicyStatement } = require('aws-cdk-lib/aws-iam');
const { SqsEventSource } = require('aws-cdk-lib/aws-lambda-event-sources');
const {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  DatabaseCluster,
  DatabaseClusterEngine,
  ParameterGroup,
} = require('aws-cdk-lib/aws-rds');
const { HttpMethods } = require('aws-cdk-lib/aws-s3');
const { CfnLoggingConfiguration, CfnWebACL } = require('aws-cdk-lib/aws-wafv2');
const { Parts, addFoundation, removalPolicy } = require('./parts.cjs');
const { addDistribution, addLogin, addOriginSecret, addUsers, deploySite } = require('./site.cjs');

const ENV = { region: 'us-east-1' };
const CACHE_USER = 'app';

function addNetwork(app) {
  const stack = new Stack(app, 'WebAppNetwork', { env: ENV });
  const foundation = addFoundation(stack);
  const parts = new Parts(stack, foundation);
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24 },
      { name: 'App', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 20 },
      { name: 'Data', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
    gatewayEndpoints: {
      S3: { service: GatewayVpcEndpointAwsService.S3 },
      DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
    },
    flowLogs: {
      Rejected: {
        destination: FlowLogDestination.toCloudWatchLogs(parts.logs('Flow')),
        trafficType: FlowLogTrafficType.REJECT,
      },
    },
  });
  return { foundation, vpc };
}

/** PostgreSQL, and its schema by a function. */
function addDatabase(parts, vpc, clients) {
  const { stack, key } = parts;
  const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_17_9 });
  const securityGroup = new SecurityGroup(stack, 'DatabaseSecurityGroup', { vpc, allowAllOutbound: false });
  const database = new DatabaseCluster(stack, 'Database', {
    engine,
    vpc,
    vpcSubnets: { subnetGroupName: 'Data' },
    securityGroups: [securityGroup],
    writer: ClusterInstance.serverlessV2('Writer'),
    serverlessV2MinCapacity: 0,
    serverlessV2MaxCapacity: 2,
    defaultDatabaseName: 'app',
    manageMasterUserPassword: true,
    storageEncryptionKey: key,
    iamAuthentication: true,
    enableDataApi: true,
    cloudwatchLogsExports: ['postgresql'],
    backup: { retention: Duration.days(7) },
    parameterGroup: new ParameterGroup(stack, 'Parameters', {
      engine,
      parameters: {
        'rds.force_ssl': '1',
        log_min_duration_statement: '1000',
        log_parameter_max_length: '0',
        log_parameter_max_length_on_error: '0',
        log_lock_waits: '1',
        log_statement: 'ddl',
        idle_in_transaction_session_timeout: '60000',
        idle_session_timeout: '300000',
      },
    }),
    removalPolicy,
  });
  parts.logs('Database', { logGroupName: `/aws/rds/cluster/${database.clusterIdentifier}/postgresql` });
  database.connections.allowDefaultPortFrom(clients, 'PostgreSQL from its clients');
  parts.alarm(
    'DatabaseConnections',
    database.metricDatabaseConnections({ statistic: 'Maximum' }),
    'Database: 80% of the connections are in use.',
    { threshold: 320, evaluationPeriods: 3 },
  );
  parts.alarm(
    'DatabaseCapacity',
    database.metricACUUtilization({ statistic: 'Maximum' }),
    'Database: 90% of its capacity is in use.',
    { threshold: 90, evaluationPeriods: 5 },
  );
  const migrate = parts.handler('Migrate', 'web-app/migrate', { timeout: Duration.minutes(12) });
  database.grantDataApiAccess(migrate);
  new CustomResource(stack, 'Schema', {
    serviceToken: migrate.functionArn,
    resourceType: 'Custom::DatabaseSchema',
    properties: {
      clusterArn: database.clusterArn,
      secretArn: database.secret?.secretArn,
      database: 'app',
      version: '1',
    },
  });
  return database;
}

function addCache(parts, vpc, clients) {
  const { stack, key } = parts;
  const user = new CfnUser(stack, 'CacheUser', {
    engine: 'valkey',
    userId: CACHE_USER,
    userName: CACHE_USER,
    accessString: 'on ~item:* -@all +get +set +del',
    authenticationMode: { Type: 'iam' },
  });
  const group = new CfnUserGroup(stack, 'CacheUsers', {
    engine: 'valkey',
    userGroupId: CACHE_USER,
    userIds: [user.ref],
  });
  const securityGroup = new SecurityGroup(stack, 'CacheSecurityGroup', { vpc, allowAllOutbound: false });
  securityGroup.connections.allowFrom(clients, Port.tcp(6379), 'Valkey from its clients');
  const cache = new CfnServerlessCache(stack, 'Cache', {
    engine: 'valkey',
    majorEngineVersion: '8',
    serverlessCacheName: 'web-app',
    cacheUsageLimits: { dataStorage: { maximum: 1, unit: 'GB' }, ecpuPerSecond: { maximum: 1000 } },
    kmsKeyId: key.keyArn,
    securityGroupIds: [securityGroup.securityGroupId],
    subnetIds: vpc.selectSubnets({ subnetGroupName: 'Data' }).subnetIds,
    userGroupId: group.ref,
  });
  const throttled = new Metric({
    namespace: 'AWS/ElastiCache',
    metricName: 'ThrottledCmds',
    dimensionsMap: { clusterId: 'web-app' },
    statistic: 'Sum',
  });
  parts.alarm('CacheThrottles', throttled, 'Cache: commands are throttled.', { evaluationPeriods: 3 });
  return { cache, user };
}

function addData(app, { foundation, vpc }) {
  const stack = new Stack(app, 'WebAppData', { env: ENV });
  const parts = new Parts(stack, foundation);
  const clients = new SecurityGroup(stack, 'Clients', { vpc, allowAllOutbound: false });
  clients.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'HTTPS to AWS APIs');
  const database = addDatabase(parts, vpc, clients);
  return { clients, database, ...addCache(parts, vpc, clients), ...addUsers(parts, 'web-app') };
}

function addFirewall({ stack }) {
  const visibilityConfig = (metricName) => ({
    metricName,
    cloudWatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
  });
  const managed = ['AmazonIpReputationList', 'CommonRuleSet', 'KnownBadInputsRuleSet', 'SQLiRuleSet'].map(
    (name, index) => ({
      name,
      priority: index + 1,
      overrideAction: { none: {} },
      statement: { managedRuleGroupStatement: { vendorName: 'AWS', name: `AWSManagedRules${name}` } },
      visibilityConfig: visibilityConfig(name),
    }),
  );
  return new CfnWebACL(stack, 'Firewall', {
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    visibilityConfig: visibilityConfig('Firewall'),
    rules: [
      {
        name: 'RatePerAddress',
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: 2000 } },
        visibilityConfig: visibilityConfig('RatePerAddress'),
      },
      ...managed,
    ],
  });
}

/** A function in the network that reads and writes the database, the cache and the files. */
function addWorker(parts, id, folder, { vpc, clients, database, cache, user, uploads, ...props }) {
  const worker = parts.handler(id, folder, {
    vpc,
    vpcSubnets: { subnetGroupName: 'App' },
    securityGroups: [clients],
    ...props,
    environment: {
      DATABASE_WRITER: database.clusterEndpoint.socketAddress,
      CACHE_ENDPOINT: `${cache.attrEndpointAddress}:${cache.attrEndpointPort}`,
      CACHE_USER,
      UPLOADS_BUCKET: uploads.bucketName,
      ...props.environment,
    },
  });
  database.grantConnect(worker, 'app');
  worker.addToRolePolicy(
    new PolicyStatement({ actions: ['elasticache:Connect'], resources: [cache.attrArn, user.attrArn] }),
  );
  uploads.grantReadWrite(worker);
  uploads.grantDelete(worker);
  parts.throttleAlarm(worker);
  return worker;
}

/** Files that arrive are looked at before they are shown. */
function addInspection(parts, uploads, inspector) {
  const { stack } = parts;
  const work = parts.queue('Inspection', {
    visibilityTimeout: Duration.minutes(12),
    deadLetterQueue: { queue: parts.deadLetters('InspectionDeadLetters'), maxReceiveCount: 5 },
  });
  parts.alarm('InspectionAge', work.metricApproximateAgeOfOldestMessage(), 'Files wait for 5 minutes.', {
    threshold: 300,
  });
  inspector.addEventSource(new SqsEventSource(work, { maxConcurrency: 5, reportBatchItemFailures: true }));
  new Rule(stack, 'Uploaded', {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [uploads.bucketName] }, object: { key: [{ prefix: 'uploads/' }] } },
    },
  }).addTarget(new SqsQueue(work, { deadLetterQueue: parts.deadLetters('Undelivered') }));
}

function addApi(parts) {
  const { stack } = parts;
  const api = new HttpApi(stack, 'Api', { createDefaultStage: false });
  parts.stage(api, { rateLimit: 50, burstLimit: 100 });
  parts.apiAlarms(api.metricServerError(), api.metricCount(), api.metricLatency({ statistic: 'p99' }), 1000);
  return api;
}

function addRoutes(parts, api, items, authorizer) {
  const integration = new HttpLambdaIntegration('Items', parts.live('Items', items), { scopePermissionToRoute: false });
  const open = new HttpNoneAuthorizer();
  api.addRoutes({ path: '/api/health', methods: [HttpMethod.GET], integration, authorizer: open });
  api.addRoutes({ path: '/api/{proxy+}', methods: [HttpMethod.ANY], integration, authorizer });
}

/** The site with its firewall, and its users' login. */
function addSite(parts, { api, secret, uploads, users, domain }) {
  const { stack } = parts;
  const firewall = addFirewall(parts);
  const site = addDistribution(parts, {
    secret,
    domainName: `${api.apiId}.execute-api.${stack.region}.${stack.urlSuffix}`,
    webAclId: firewall.attrArn,
    connections: [domain.baseUrl(), `https://${uploads.bucketRegionalDomainName}`],
  });
  new CfnLoggingConfiguration(stack, 'FirewallLogs', {
    resourceArn: firewall.attrArn,
    logDestinationConfigs: [site.accessLogs.bucketArn],
    redactedFields: [{ singleHeader: { Name: 'authorization' } }],
  });
  const client = addLogin(parts, users, site.distribution);
  deploySite(parts, 'web-app', site, { login: domain.baseUrl(), client: client.userPoolClientId });
  return new HttpUserPoolAuthorizer('Jwt', users, { userPoolClients: [client] });
}

exports.add = (app) => {
  const network = addNetwork(app);
  const data = addData(app, network);
  const parts = new Parts(new Stack(app, 'WebApp', { env: ENV }), network.foundation);
  const uploads = parts.bucket('Uploads', {
    eventBridgeEnabled: true,
    cors: [{ allowedMethods: [HttpMethods.POST], allowedOrigins: ['*'], maxAge: 600 }],
  });
  const worker = (id, folder, props) => addWorker(parts, id, folder, { ...network, ...data, uploads, ...props });
  addInspection(parts, uploads, worker('Inspector', 'web-app/inspect-upload', { timeout: Duration.minutes(2) }));
  const secret = addOriginSecret(parts);
  const items = worker('Items', 'web-app/items-api', {
    memorySize: 1024,
    environment: { ORIGIN_VERIFIERS: secret.getAttString('Verifiers1') },
  });
  const api = addApi(parts);
  addRoutes(parts, api, items, addSite(parts, { ...data, api, secret, uploads }));
};
