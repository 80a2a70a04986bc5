import { unreachableFrom } from '../../calls-from-a-vpc';
import { endpointsHeldBy, variablesOf } from '../../endpoint-holders';
import { type Rule, verdict } from '../../rule';

/** Services whose endpoints are in a VPC. */
const IN_VPC = [
  'AWS::RDS::',
  'AWS::ElastiCache::',
  'AWS::EFS::',
  'AWS::DocDB::',
  'AWS::Redshift',
  'AWS::OpenSearch',
  'AWS::MSK::',
  'AWS::MemoryDB::',
  'AWS::SecretsManager::',
];

export const lambdaVpcOnlyWhenNeeded: Rule = {
  id: 'lambda-vpc-only-when-needed',
  title: 'A function is in a VPC if it reaches something there, and has a way to what else it calls',
  why: 'A function in a VPC has no way to the internet or to AWS without an endpoint or a NAT gateway: its calls hang until the timeout. A function outside of the VPC cannot reach the database at all.',
  fix: 'Set VpcConfig of functions that hold the address of a database or a cache, and of no others. Add an AWS::EC2::VPCEndpoint for each service that they call, or a NAT gateway.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
  example: {
    fixed: {
      Report: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          VpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ Ref: 'Group' }] },
          Environment: { Variables: { DB_HOST: { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] } } },
        },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'files',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } }],
              },
            },
          ],
        },
      },
      Database: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-postgresql' } },
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
      Endpoint: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: { VpcId: { Ref: 'Vpc' }, ServiceName: 'com.amazonaws.us-east-1.s3', VpcEndpointType: 'Gateway' },
      },
      Mail: {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: { SENDER: 'shop@example.com' } } },
      },
    },
    broken: [
      { 'Report.Properties.VpcConfig': null },
      { 'Report.Properties.Environment': null },
      { Endpoint: null },
      { 'Mail.Properties.VpcConfig': { SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ Ref: 'Group' }] } },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    const held = endpointsHeldBy(fn, inventory);
    // Without a subnet it is in no VPC (AWS: Lambda, VpcConfig).
    if (fn.list('VpcConfig.SubnetIds').length === 0) {
      return verdict(
        held.map(
          ({ variable, target }) =>
            target.flag('PubliclyAccessible') !== true &&
            `${variable} leads into a VPC, to ${target.logicalId}, and the function is in none; allowed: VpcConfig`,
        ),
      );
    }
    const reached = variablesOf(fn)
      .map(([, value]) => inventory.referent(fn, value)?.type ?? '')
      .filter((type) => IN_VPC.some((prefix) => type.startsWith(prefix)));
    // A file system is mounted by way of the VPC (AWS: Lambda, configuring file system access).
    const mounted = fn.list('FileSystemConfigs').length > 0;
    const needed = held.length > 0 || reached.length > 0 || mounted;
    const unreachable = needed ? unreachableFrom(fn, inventory) : [];
    return verdict([
      !needed && 'VpcConfig is set, and no variable names a database, cache or other thing in a VPC',
      unreachable.length > 0 &&
        `it may call ${unreachable.join(', ')}, and there is no way to it; allowed: a VPC endpoint for each, or a NAT gateway`,
    ]);
  },
};
