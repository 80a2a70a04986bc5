import { notApplicable, type Rule, verdict } from '../../rule';

const METRICS = ['BytesOutToDestination', 'ErrorPortAllocation'];

export const vpcNatBytesAlarm: Rule = {
  id: 'vpc-nat-bytes-alarm',
  title: 'Alarms watch the bytes and the port errors of each NAT gateway',
  why: 'A NAT gateway bills each gigabyte, so a chatty client shows first on the bill. At 55,000 connections to one destination it has no port left, and new connections fail.',
  fix: 'Add CloudWatch alarms on BytesOutToDestination and ErrorPortAllocation of AWS/NATGateway with the NatGatewayId.',
  severity: 'warning',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway-cloudwatch.html',
  example: {
    fixed: {
      Nat: {
        Type: 'AWS::EC2::NatGateway',
        Properties: { SubnetId: 'subnet-0123456789abcdef0', AllocationId: 'eipalloc-0123456789abcdef0' },
      },
      Bytes: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/NATGateway',
          MetricName: 'BytesOutToDestination',
          Dimensions: [{ Name: 'NatGatewayId', Value: { Ref: 'Nat' } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 10_000_000_000,
        },
      },
      Ports: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/NATGateway',
          MetricName: 'ErrorPortAllocation',
          Dimensions: [{ Name: 'NatGatewayId', Value: { Ref: 'Nat' } }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
        },
      },
    },
    broken: [
      { Bytes: null },
      { Ports: null },
      { 'Ports.Properties.Dimensions.0.Value': 'nat-0123456789abcdef0' },
      { 'Bytes.Properties.ComparisonOperator': 'LessThanThreshold' },
    ],
  },
  types: ['AWS::EC2::NatGateway'],
  check: (nat, inventory) => {
    // Development does without: each alarm costs (see README, what it costs).
    if (!inventory.strict) return notApplicable;
    return verdict(
      METRICS.map(
        (metric) =>
          inventory.alarmsOn('AWS/NATGateway', metric, nat).length === 0 && `no alarm on ${metric} of the gateway`,
      ),
    );
  },
};
