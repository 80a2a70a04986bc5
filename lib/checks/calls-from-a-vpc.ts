import type { TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';
import { endpointsOf, hasWayOut, subnetsIn, vpcOf } from './network';

/** The endpoint by which each service is called, by the prefix of its actions (AWS: services that integrate with PrivateLink). */
const ENDPOINTS: Readonly<Record<string, string>> = {
  athena: 'athena',
  bedrock: 'bedrock-runtime',
  'cognito-idp': 'cognito-idp',
  dynamodb: 'dynamodb',
  events: 'events',
  'execute-api': 'execute-api',
  firehose: 'kinesis-firehose',
  kinesis: 'kinesis-streams',
  lambda: 'lambda',
  'rds-data': 'rds-data',
  s3: 's3',
  scheduler: 'scheduler',
  secretsmanager: 'secretsmanager',
  ses: 'email',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
  states: 'states',
  sts: 'sts',
};

/** What Lambda calls with a function's role, from outside of the VPC: to read its event sources, and to send failures away. */
const BY_LAMBDA =
  /^(sqs:(ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueue\w+)|(kinesis|dynamodb):(GetRecords|GetShardIterator|DescribeStream\w*|ListShards|ListStreams|SubscribeToShard|DescribeStreamConsumer))$/;

/** Where Lambda sends what a function failed at. */
function failureDestinations(fn: TemplateResource, inventory: Inventory): readonly unknown[] {
  const configured = inventory
    .referrers('AWS::Lambda::EventInvokeConfig', 'FunctionName', fn)
    .map((each) => inventory.referent(each, each.get('DestinationConfig')));
  const mapped = inventory
    .mappingsOf(fn)
    .map((mapping) => inventory.referent(mapping, mapping.get('DestinationConfig')));
  return [inventory.referent(fn, fn.get('DeadLetterConfig')), ...configured, ...mapped];
}

/** Endpoints of the services that the code of a function may call, as far as they are known. */
function calledBy(fn: TemplateResource, inventory: Inventory): ReadonlySet<string> {
  const failures = failureDestinations(fn, inventory);
  const role = inventory.roleOf(fn);
  const allowed = inventory.statementsOf(role).filter(({ effect }) => effect === 'Allow');
  const called = allowed.flatMap(({ actions, resources }) => {
    const toFailures = resources.every((resource) => {
      const found = inventory.referent(role, resource);
      return found !== undefined && failures.includes(found);
    });
    return toFailures ? [] : actions.filter((action) => !BY_LAMBDA.test(action));
  });
  return new Set(called.flatMap((action) => ENDPOINTS[action.split(':')[0] ?? ''] ?? []));
}

/**
 * Services that a function in a VPC may call and cannot reach, by the names of their endpoints.
 *
 * @throws CannotTell when its subnets or its role are not in these templates
 */
export function unreachableFrom(fn: TemplateResource, inventory: Inventory): readonly string[] {
  const called = [...calledBy(fn, inventory)];
  if (called.length === 0) return [];
  const subnets = subnetsIn(fn, fn.list('VpcConfig.SubnetIds'), inventory);
  const [first] = subnets;
  if (first === undefined || subnets.every((subnet) => hasWayOut(subnet, inventory))) return [];
  const reached = endpointsOf(vpcOf(first, inventory), inventory).map(({ service }) => service);
  return called.filter((service) => !reached.includes(service));
}
