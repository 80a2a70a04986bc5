import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { aurora } from './aurora-template-fixture';
import { PARAMETER, table } from './rule-table-fixture';

const CLUSTER = 'AWS::RDS::DBCluster';
const INSTANCE = 'AWS::RDS::DBInstance';
const POOL = 'AWS::RDS::DBProxyTargetGroup';
const SUBNETS = 'AWS::RDS::DBSubnetGroup';
const ALARM = 'AWS::CloudWatch::Alarm';
const ACU = 'ServerlessV2ScalingConfiguration';

table('aurora-reader-second-az', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'a reader may take over, and there are three zones' },
  {
    verdict: 'violation',
    when: 'there is a writer alone',
    change: (t) => t.remove(INSTANCE, 'Reader'),
    says: /1 instance/,
  },
  {
    verdict: 'not-applicable',
    when: 'there is a writer alone, in development',
    change: (t) => t.remove(INSTANCE, 'Reader'),
    strict: false,
  },
  {
    verdict: 'violation',
    when: 'the reader is last in line',
    change: (t) => t.set(INSTANCE, 'PromotionTier', 2, 'Reader'),
  },
  {
    verdict: 'violation',
    when: 'both are in one zone',
    change: (t) => {
      for (const [, each] of t.all(INSTANCE)) each.Properties['AvailabilityZone'] = 'eu-west-1a';
    },
    says: /eu-west-1a/,
  },
  {
    verdict: 'violation',
    when: 'there are two zones',
    change: (t) => (t.properties(SUBNETS)['SubnetIds'] as unknown[]).pop(),
    says: /2 zones/,
  },
  {
    verdict: 'not-applicable',
    when: 'it is a Multi-AZ cluster of three',
    change: (t) => t.set(CLUSTER, 'Engine', 'postgres'),
  },
  {
    verdict: 'cannot-tell',
    when: 'a subnet comes from elsewhere',
    change: (t) => t.set(SUBNETS, 'SubnetIds', ['subnet-1', 'subnet-2']),
  },
]);

const bounds = (MinCapacity: unknown, MaxCapacity: unknown) => (t: MutableTemplate) =>
  t.set(CLUSTER, ACU, { MinCapacity, MaxCapacity });
const withoutProxy = (t: MutableTemplate) => {
  bounds(0, 2)(t);
  t.remove(POOL);
};

table('aurora-serverless-bounds', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'it is between 1 and 4 ACU' },
  { verdict: 'compliant', when: 'it is between half an ACU and 256', change: bounds(0.5, 256) },
  { verdict: 'violation', when: 'steps are too small', change: bounds(0.75, 4), says: /multiples/ },
  { verdict: 'violation', when: 'it may grow beyond what there is', change: bounds(1, 300), says: /300/ },
  { verdict: 'violation', when: 'the bounds are in the wrong order', change: bounds(8, 4), says: /above/ },
  { verdict: 'violation', when: 'there is no upper one', change: bounds(1, undefined) },
  { verdict: 'violation', when: 'it pauses in production', change: withoutProxy, says: /15 s/ },
  { verdict: 'compliant', when: 'it pauses in development', change: withoutProxy, strict: false },
  { verdict: 'violation', when: 'a proxy keeps it awake', change: bounds(0, 2), strict: false, says: /proxy/ },
  { verdict: 'not-applicable', when: 'its instances have a size', change: (t) => t.drop(CLUSTER, ACU) },
  { verdict: 'cannot-tell', when: 'a bound is a parameter', change: bounds(PARAMETER, 4) },
]);

table('aurora-capacity-alarm', CLUSTER, aurora, [
  { verdict: 'compliant', when: 'somebody is told at 90%' },
  { verdict: 'violation', when: 'at 99%', change: (t) => t.set(ALARM, 'Threshold', 99, 'Capacity') },
  { verdict: 'violation', when: 'never', change: (t) => t.remove(ALARM, 'Capacity') },
  {
    verdict: 'not-applicable',
    when: 'never, in development',
    change: (t) => t.remove(ALARM, 'Capacity'),
    strict: false,
  },
  { verdict: 'not-applicable', when: 'its instances have a size', change: (t) => t.drop(CLUSTER, ACU) },
  { verdict: 'cannot-tell', when: 'at a parameter', change: (t) => t.set(ALARM, 'Threshold', PARAMETER, 'Capacity') },
]);

table('vpc-data-private', SUBNETS, aurora, [
  { verdict: 'compliant', when: 'its subnets lead nowhere' },
  {
    verdict: 'violation',
    when: 'one is public',
    change: (t) => t.set(SUBNETS, 'SubnetIds', [{ Ref: t.id('AWS::EC2::Subnet', 'VpcPublicSubnet1Subnet') }]),
    says: /PublicSubnet1/,
  },
]);
