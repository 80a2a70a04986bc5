import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { network, ZONES } from './network-template-fixture';
import { PARAMETER, resources, table } from './rule-table-fixture';

const VPC = 'AWS::EC2::VPC';
const SUBNET = 'AWS::EC2::Subnet';
const NAT = 'AWS::EC2::NatGateway';
const ENDPOINT = 'AWS::EC2::VPCEndpoint';
const GROUP = 'AWS::EC2::SecurityGroup';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const SERVICE = 'AWS::ECS::Service';
const CACHE = 'AWS::ElastiCache::ServerlessCache';
const FUNCTION = 'AWS::Lambda::Function';
const AWSVPC = 'NetworkConfiguration.AwsvpcConfiguration';

const PUBLIC_SUBNET = 'VpcPublicSubnet1Subnet';
const publicSubnet = (t: MutableTemplate) => ({ Ref: t.id(SUBNET, PUBLIC_SUBNET) });
const bare = resources({ Vpc: [VPC, { CidrBlock: '10.0.0.0/16' }] });

table('vpc-three-azs', VPC, network, [
  { verdict: 'compliant', when: 'each tier has three' },
  {
    verdict: 'violation',
    when: 'one tier has two',
    change: (t) => t.remove(SUBNET, 'VpcDataSubnet3'),
    says: /Data subnets span 2/,
  },
  {
    verdict: 'violation',
    when: 'two of three subnets share a zone',
    change: (t) => t.set(SUBNET, 'AvailabilityZone', ZONES[0], 'VpcAppSubnet2Subnet'),
  },
  {
    verdict: 'not-applicable',
    when: 'development has two',
    change: (t) => t.remove(SUBNET, 'VpcDataSubnet3'),
    strict: false,
  },
  {
    verdict: 'violation',
    when: 'tiers have no names, and the private one has two zones',
    change: (t) => {
      for (const [, { Properties }] of t.all(SUBNET)) delete Properties['Tags'];
      for (const containing of ['VpcAppSubnet3', 'VpcDataSubnet3']) t.remove(SUBNET, containing);
    },
    says: /private subnets span 2/,
  },
]);

table('vpc-three-azs', VPC, bare, [
  { verdict: 'not-applicable', when: 'it has no subnets' },
  {
    verdict: 'violation',
    when: 'it has one',
    change: (t) => t.add('One', SUBNET, { VpcId: { Ref: 'Vpc' }, AvailabilityZone: 'a' }),
  },
]);

table('vpc-data-private', CACHE, network, [
  { verdict: 'compliant', when: 'its subnets lead nowhere' },
  {
    verdict: 'violation',
    when: 'one is public',
    change: (t) => (t.properties(CACHE)['SubnetIds'] as unknown[]).push(publicSubnet(t)),
    says: /PublicSubnet1/,
  },
  { verdict: 'cannot-tell', when: 'one comes from elsewhere', change: (t) => t.set(CACHE, 'SubnetIds', ['subnet-1']) },
]);

table('vpc-data-private', SERVICE, network, [
  { verdict: 'compliant', when: 'its tasks have no address of the internet' },
  {
    verdict: 'violation',
    when: 'they have',
    change: (t) => t.set(SERVICE, `${AWSVPC}.AssignPublicIp`, 'ENABLED'),
    says: /AssignPublicIp/,
  },
  {
    verdict: 'violation',
    when: 'they are in a public subnet',
    change: (t) => t.set(SERVICE, `${AWSVPC}.Subnets`, [publicSubnet(t)]),
  },
  {
    verdict: 'not-applicable',
    when: 'they are where their machine is',
    change: (t) => t.drop(SERVICE, 'NetworkConfiguration'),
  },
]);

const database = resources({ Database: ['AWS::RDS::DBInstance', { PubliclyAccessible: false }] });
table('vpc-data-private', 'AWS::RDS::DBInstance', database, [
  { verdict: 'compliant', when: 'it says that it is private' },
  {
    verdict: 'violation',
    when: 'it says that it is public',
    change: (t) => t.set('AWS::RDS::DBInstance', 'PubliclyAccessible', true),
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter says it',
    change: (t) => t.set('AWS::RDS::DBInstance', 'PubliclyAccessible', PARAMETER),
  },
]);

const everyone = (port: number) => ({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: port, ToPort: port });
const letIn = (containing: string, rule: object) => (t: MutableTemplate) => {
  t.properties(GROUP, containing)['SecurityGroupIngress'] = [rule];
};
const VPC_RANGE = { 'Fn::GetAtt': ['Vpc8378EB38', 'CidrBlock'] };

table('vpc-security-group-scope', GROUP, network, [
  { verdict: 'compliant', when: 'the world comes to 443 of a public load balancer', subject: 'Balancer' },
  {
    verdict: 'violation',
    when: 'it comes to 80',
    change: letIn('Balancer', everyone(80)),
    subject: 'Balancer',
    says: /80 to 80/,
  },
  {
    verdict: 'violation',
    when: 'the load balancer is internal',
    change: (t) => t.set('AWS::ElasticLoadBalancingV2::LoadBalancer', 'Scheme', 'internal'),
    subject: 'Balancer',
  },
  { verdict: 'compliant', when: 'a cache lets its clients in', subject: 'Cached' },
  {
    verdict: 'violation',
    when: 'a cache lets a range in',
    change: letIn('Cached', { CidrIp: '10.0.0.0/8' }),
    subject: 'Cached',
    says: /Cache/,
  },
  {
    verdict: 'violation',
    when: 'a cache lets its VPC in',
    change: letIn('Cached', { CidrIp: VPC_RANGE }),
    subject: 'Cached',
  },
  {
    verdict: 'violation',
    when: 'IPv6 counts, too',
    change: letIn('Clients', { CidrIpv6: '::/0' }),
    subject: 'Clients',
  },
  {
    verdict: 'compliant',
    when: 'others let their VPC in',
    change: letIn('Clients', { CidrIp: VPC_RANGE }),
    subject: 'Clients',
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter is let in',
    change: letIn('Clients', { CidrIp: PARAMETER }),
    subject: 'Clients',
  },
]);

table('vpc-security-group-scope', INGRESS, network, [
  { verdict: 'not-applicable', when: 'its group is judged', subject: 'Cached' },
  {
    verdict: 'violation',
    when: 'it opens a group of somebody else',
    change: (t) => t.add('Opened', INGRESS, { GroupId: 'sg-1', ...everyone(22) }),
    subject: 'Opened',
  },
]);

const gateways = (containing: string) => (t: MutableTemplate) => t.remove(ENDPOINT, containing);
const withoutCode = (t: MutableTemplate) => {
  for (const type of [NAT, FUNCTION, SERVICE]) t.remove(type);
};

table('vpc-gateway-endpoints', VPC, network, [
  { verdict: 'compliant', when: 'both are on every private route table' },
  { verdict: 'violation', when: 'DynamoDB has none', change: gateways('DynamoDb'), says: /dynamodb/ },
  {
    verdict: 'violation',
    when: 'one is an interface, which bills',
    change: (t) => t.set(ENDPOINT, 'VpcEndpointType', 'Interface', 'S3'),
    says: /s3/,
  },
  {
    verdict: 'violation',
    when: 'one route table goes around it',
    change: (t) => (t.properties(ENDPOINT, 'S3')['RouteTableIds'] as unknown[]).pop(),
  },
  {
    verdict: 'not-applicable',
    when: 'nothing of yours runs in it',
    change: (t) => {
      withoutCode(t);
      t.remove(ENDPOINT);
    },
  },
  {
    verdict: 'violation',
    when: 'a function does, without NAT',
    change: [gateways('S3'), (t) => t.remove(NAT), (t) => t.remove(SERVICE)],
  },
  {
    verdict: 'violation',
    when: 'NAT alone is in it, for somebody',
    change: [gateways('S3'), (t) => t.remove(FUNCTION), (t) => t.remove(SERVICE)],
  },
  {
    verdict: 'cannot-tell',
    when: 'its route tables are a parameter',
    change: (t) => t.set(ENDPOINT, 'RouteTableIds', PARAMETER, 'S3'),
  },
]);

const shut = (t: MutableTemplate) => {
  for (const [id, { Properties }] of t.all('AWS::EC2::Route'))
    if ('NatGatewayId' in Properties) delete t.document.Resources[id];
};
const endpoint = (t: MutableTemplate, ...services: string[]) => {
  for (const service of services) {
    const ServiceName = { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, `.${service}`]] };
    t.add(service.replace('.', ''), ENDPOINT, { ServiceName, VpcEndpointType: 'Interface', VpcId: { Ref: t.id(VPC) } });
  }
};
const CONTAINER = 'AWS::ECS::TaskDefinition';

table('vpc-interface-endpoint-breakeven', SERVICE, network, [
  { verdict: 'not-applicable', when: 'there is NAT' },
  { verdict: 'violation', when: 'there is none, and no endpoint', change: shut, says: /ecr\.api, ecr\.dkr, logs/ },
  {
    verdict: 'compliant',
    when: 'there is an endpoint for each',
    change: [shut, (t) => endpoint(t, 'ecr.api', 'ecr.dkr', 'logs')],
  },
  {
    verdict: 'violation',
    when: 'the one for its log is missing',
    change: [shut, (t) => endpoint(t, 'ecr.api', 'ecr.dkr')],
    says: /reach logs/,
  },
  {
    verdict: 'violation',
    when: 'it takes a secret, too',
    change: (t) => {
      shut(t);
      endpoint(t, 'ecr.api', 'ecr.dkr', 'logs');
      const [container] = t.properties(CONTAINER)['ContainerDefinitions'] as Record<string, unknown>[];
      if (container !== undefined)
        container['Secrets'] = [{ Name: 'LOGIN', ValueFrom: 'arn:aws:secretsmanager:::secret:mine' }];
    },
    says: /reach secretsmanager/,
  },
  {
    verdict: 'cannot-tell',
    when: 'its subnets come from elsewhere',
    change: (t) => t.set(SERVICE, `${AWSVPC}.Subnets`, ['subnet-1']),
  },
]);

const oneNat = (t: MutableTemplate) => {
  for (const [id] of t.all(NAT).slice(1)) delete t.document.Resources[id];
};

table('vpc-nat-count-explicit', VPC, network, [
  { verdict: 'compliant', when: 'each zone has its own' },
  { verdict: 'violation', when: 'there is one for three', change: oneNat, says: /1 NAT gateway for 3 zones/ },
  { verdict: 'not-applicable', when: 'there is one, in development', change: oneNat, strict: false },
  {
    verdict: 'compliant',
    when: 'there is a regional one',
    change: (t) => {
      oneNat(t);
      const nat = t.properties(NAT);
      delete nat['SubnetId'];
      Object.assign(nat, { AvailabilityMode: 'regional', VpcId: { Ref: t.id(VPC) } });
    },
  },
  { verdict: 'not-applicable', when: 'there is none', change: (t) => t.remove(NAT) },
]);

const natAlarm = (MetricName: string) => (t: MutableTemplate) =>
  t.add(MetricName, 'AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/NATGateway',
    MetricName,
    Dimensions: [{ Name: 'NatGatewayId', Value: { Ref: t.id(NAT) } }],
  });

table('vpc-nat-bytes-alarm', NAT, network, [
  { verdict: 'violation', when: 'nobody watches it', says: /BytesOutToDestination.*ErrorPortAllocation/ },
  {
    verdict: 'violation',
    when: 'nobody sees it run out of ports',
    change: natAlarm('BytesOutToDestination'),
    says: /^((?!Bytes).)*$/,
  },
  {
    verdict: 'compliant',
    when: 'both are watched',
    change: [natAlarm('BytesOutToDestination'), natAlarm('ErrorPortAllocation')],
  },
  { verdict: 'not-applicable', when: 'nobody watches it in development', strict: false },
]);
