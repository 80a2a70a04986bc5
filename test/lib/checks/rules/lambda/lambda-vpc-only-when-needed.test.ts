import { lambdaVpcOnlyWhenNeeded } from '../../../../../lib/checks/rules/lambda/lambda-vpc-only-when-needed';
import { allow, att, type Case, cases, type Literals, PARAMETER, ref, role } from '../../literal-fixture';

const fn: Literals = {
  Fn: [
    'AWS::Lambda::Function',
    {
      Role: att('Role'),
      Environment: { Variables: { HOST: att('Data', 'Endpoint.Address') } },
      VpcConfig: { SubnetIds: [ref('Subnet')] },
    },
  ],
  Role: role(),
  Data: ['AWS::RDS::DBInstance', {}],
  Subnet: ['AWS::EC2::Subnet', { VpcId: ref('Vpc') }],
  Vpc: ['AWS::EC2::VPC', {}],
};
const outside = 'HOST leads into a VPC, to Data, and the function is in none; allowed: VpcConfig';
const needless = 'VpcConfig is set, and no variable names a database, cache or other thing in a VPC';
const names = (type: string) => ({ Data: [type, {}] as const, 'Fn.Environment.Variables': { NAME: ref('Data') } });

cases(lambdaVpcOnlyWhenNeeded, fn, [
  ['compliant', 'it is where its database is'],
  ['violation', 'it is not', { 'Fn.VpcConfig': undefined }, outside],
  ['violation', 'it has no subnet', { 'Fn.VpcConfig.SubnetIds': [] }, outside],
  ['compliant', 'the database is open to the world', { 'Fn.VpcConfig': undefined, 'Data.PubliclyAccessible': true }],
  ['compliant', 'it is, as text', { 'Fn.VpcConfig': undefined, 'Data.PubliclyAccessible': 'true' }],
  ['violation', 'it holds nothing of a VPC', { 'Fn.Environment': undefined }, needless],
  ['compliant', 'it mounts a file system', { 'Fn.Environment': undefined, 'Fn.FileSystemConfigs': [{ Arn: 'arn' }] }],
  ['violation', 'it mounts none', { 'Fn.Environment': undefined, 'Fn.FileSystemConfigs': [] }, needless],
  ['violation', 'it holds a table', names('AWS::DynamoDB::Table'), needless],
  ...[
    'AWS::RDS::DBCluster',
    'AWS::ElastiCache::ReplicationGroup',
    'AWS::EFS::FileSystem',
    'AWS::DocDB::DBCluster',
    'AWS::RedshiftServerless::Workgroup',
    'AWS::OpenSearchService::Domain',
    'AWS::MSK::Cluster',
    'AWS::MemoryDB::Cluster',
    'AWS::SecretsManager::Secret',
  ].map((type): Case => ['compliant', `it holds a ${type}`, names(type)]),
  [
    'violation',
    'it cannot reach a queue',
    { Role: role(allow('sqs:SendMessage')) },
    'it may call sqs, and there is no way to it',
  ],
  [
    'violation',
    'it cannot reach two services',
    { Role: role(allow(['sqs:SendMessage', 'sns:Publish'])) },
    'it may call sqs, sns,',
  ],
  [
    'violation',
    'it is not needed, whatever it reaches',
    { Role: role(allow('sqs:SendMessage')), 'Fn.Environment': undefined },
    needless,
  ],
  ['compliant', 'it is in no VPC, and needs none', { 'Fn.VpcConfig': undefined, 'Fn.Environment': undefined }],
  ['cannot-tell', 'a parameter says it', { 'Fn.VpcConfig': PARAMETER }],
]);
