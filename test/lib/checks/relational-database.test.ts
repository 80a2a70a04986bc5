import { expect, it } from 'vitest';
import {
  DATABASES,
  databaseAlarms,
  instancesOf,
  isMember,
  isReplica,
  isServerless,
  proxyTargetsOf,
} from '../../../lib/checks/relational-database';
import { alarm, inventoryOf, type Literals, ref, resourceIn } from './literal-fixture';

const all: Literals = {
  Cluster: ['AWS::RDS::DBCluster', { ServerlessV2ScalingConfiguration: {}, DBClusterIdentifier: 'mine' }],
  Member: ['AWS::RDS::DBInstance', { DBClusterIdentifier: ref('Cluster'), ServerlessV2ScalingConfiguration: {} }],
  Alone: ['AWS::RDS::DBInstance', {}],
  Fixed: ['AWS::RDS::DBCluster', {}],
  OfCluster: ['AWS::RDS::DBProxyTargetGroup', { DBClusterIdentifiers: [ref('Cluster')] }],
  OfInstance: ['AWS::RDS::DBProxyTargetGroup', { DBInstanceIdentifiers: ['theirs', ref('Alone')] }],
  A1: alarm('AWS/RDS', 'M', ref('Cluster')),
  A2: alarm('AWS/RDS', 'M', ref('Member')),
  A3: alarm('AWS/RDS', 'M', ref('Alone')),
  A4: alarm('Mine', 'M', ref('Cluster')),
};
const inventory = inventoryOf(all);
const of = (id: string) => resourceIn(inventory, id);
const ids = (found: readonly { readonly logicalId: string }[]) => found.map(({ logicalId }) => logicalId);
const databases = ['Cluster', 'Member', 'Alone', 'Fixed'];

it('tells a cluster from its members, and from others', () => {
  expect(DATABASES).toEqual(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance']);
  expect(databases.filter((id) => isMember(of(id)))).toEqual(['Member']);
  expect(databases.filter((id) => isServerless(of(id)))).toEqual(['Cluster']);
  expect([ids(instancesOf(of('Cluster'), inventory)), ids(instancesOf(of('Fixed'), inventory))]).toEqual([
    ['Member'],
    [],
  ]);
});

it.each(['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier', 'ReplicationSourceIdentifier'])(
  '%s makes a copy',
  (property) => {
    const copies = inventoryOf({ Copy: ['AWS::RDS::DBInstance', { [property]: 'other' }] });
    expect([isReplica(resourceIn(copies, 'Copy')), isReplica(of('Alone'))]).toEqual([true, false]);
  },
);

it('finds the pools of proxies, and alarms', () => {
  const pools = (id: string) => ids(proxyTargetsOf(of(id), inventory));
  expect([pools('Cluster'), pools('Alone'), pools('Fixed')]).toEqual([['OfCluster'], ['OfInstance'], []]);
  const alarms = (id: string) => ids(databaseAlarms('M', of(id), inventory));
  expect([alarms('Cluster'), alarms('Alone'), alarms('Fixed')]).toEqual([['A1', 'A2'], ['A3'], []]);
});
