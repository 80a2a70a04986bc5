import { expect, it } from 'vitest';
import { endpointsHeldBy, HOLDERS, variablesOf } from '../../../lib/checks/endpoint-holders';
import { att, inventoryOf, join, type Literals, ref, resourceIn } from './literal-fixture';

const held = (type: string, value: unknown) => {
  const inventory = inventoryOf({
    Fn: ['AWS::Lambda::Function', { Environment: { Variables: { A: 'b', HOST: value } } }],
    Data: [type, {}],
  });
  return endpointsHeldBy(resourceIn(inventory, 'Fn'), inventory).map(({ variable, kind, target }) => [
    variable,
    kind,
    target.logicalId,
  ]);
};

it.each([
  ['AWS::RDS::DBCluster', 'Endpoint.Address', 'database'],
  ['AWS::RDS::DBCluster', 'ReadEndpoint.Address', 'database'],
  ['AWS::RDS::DBInstance', 'Endpoint.Address', 'database'],
  ['AWS::RDS::DBProxy', 'Endpoint', 'proxy'],
  ['AWS::RDS::DBProxyEndpoint', 'Endpoint', 'proxy'],
  ['AWS::ElastiCache::ServerlessCache', 'Endpoint.Address', 'cache'],
  ['AWS::ElastiCache::ReplicationGroup', 'PrimaryEndPoint.Address', 'cache'],
  ['AWS::ElastiCache::ReplicationGroup', 'ReadEndPoint.Addresses', 'cache'],
  ['AWS::MemoryDB::Cluster', 'ClusterEndpoint.Address', 'cache'],
])('the %s has an address in %s: a %s', (type, attribute, kind) => {
  expect(held(type, att('Data', attribute))).toEqual([['HOST', kind, 'Data']]);
  expect(held(type, join('postgres://', att('Data', attribute), ':5432'))).toEqual([['HOST', kind, 'Data']]);
});

it.each([
  ['AWS::RDS::DBCluster', 'Endpoint.Port'],
  ['AWS::RDS::DBCluster', 'DBClusterArn'],
  ['AWS::RDS::DBCluster', 'Endpoint.Address.More'],
  ['AWS::RDS::DBProxy', 'DBProxyArn'],
  ['AWS::RDS::DBProxy', 'Endpoint.Address'],
  ['AWS::S3::Bucket', 'Endpoint.Address'],
  ['AWS::RDS::DBSubnetGroup', 'Endpoint.Address'],
])('the %s has none in %s', (type, attribute) => {
  expect(held(type, att('Data', attribute))).toEqual([]);
});

it('a name is none', () => {
  expect(held('AWS::RDS::DBProxy', ref('Data'))).toEqual([]);
});

it('reads the variables of a function, and of all containers', () => {
  const literals: Literals = {
    Fn: ['AWS::Lambda::Function', { Environment: { Variables: { A: 1 } } }],
    Bare: ['AWS::Lambda::Function', {}],
    Task: [
      'AWS::ECS::TaskDefinition',
      {
        ContainerDefinitions: [
          { Environment: [{ Name: 'A', Value: 1 }] },
          {},
          { Environment: [{ Name: 'B', Value: 2 }] },
        ],
      },
    ],
  };
  const inventory = inventoryOf(literals);
  const of = (id: string) => variablesOf(resourceIn(inventory, id));
  expect([of('Fn'), of('Bare'), of('Task')]).toEqual([
    [['A', 1]],
    [],
    [
      ['A', 1],
      ['B', 2],
    ],
  ]);
  expect(HOLDERS).toEqual(['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition']);
});
