import { rdsSizeForConnections } from '../../../../../lib/checks/rules/rds/rds-size-for-connections';
import { maxConnections } from '../../../../../lib/facts/postgres-connections';
import {
  att,
  bounds,
  type Case,
  cases,
  changed,
  type Literal,
  type Literals,
  PARAMETER,
  ref,
} from '../../literal-fixture';

const cluster: Literals = {
  Database: [
    'AWS::RDS::DBCluster',
    { Engine: 'aurora-postgresql', ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 } },
  ],
  Fn: ['AWS::Lambda::Function', { Environment: { Variables: { HOST: att('Database', 'Endpoint.Address') } } }],
};
const tiny = 'takes few connections; allowed: db.t*.medium or larger';
const MOST = 'Fn.ReservedConcurrentExecutions';

bounds(rdsSizeForConnections, cluster, MOST, {
  max: maxConnections(1, 4),
  unset: 'violation',
  says: `and it takes ${maxConnections(1, 4)}`,
});
cases(rdsSizeForConnections, cluster, [
  [
    'violation',
    'the account alone bounds it',
    {},
    'functions may open 1000 connections, and it takes 823; allowed: a proxy',
  ],
  ['compliant', 'the account has fewer', {}, { accountConcurrency: 823 }],
  ['compliant', 'it makes a custom resource', { It: ['Custom::It', { ServiceToken: att('Fn') }] }],
  ['compliant', 'it asks another', { 'Fn.Environment': undefined }],
  ['compliant', 'another engine says nothing', { 'Database.Engine': 'aurora-mysql' }],
  ['compliant', 'a fixed size says nothing', { 'Database.ServerlessV2ScalingConfiguration': undefined }],
  [
    'violation',
    'two functions share',
    {
      [MOST]: 500,
      More: [
        'AWS::Lambda::Function',
        {
          ReservedConcurrentExecutions: 400,
          Environment: { Variables: { HOST: att('Database', 'Endpoint.Address') } },
        },
      ],
    },
    'open 900 connections',
  ],
]);

const pool = (share?: number): Literal => [
  'AWS::RDS::DBProxyTargetGroup',
  {
    DBClusterIdentifiers: [ref('Database')],
    ...(share !== undefined && { ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: share } }),
  },
];
const shared = changed(cluster, { Fn: undefined, One: pool(60), Two: pool(40) });
bounds(rdsSizeForConnections, shared, 'Two.ConnectionPoolConfigurationInfo.MaxConnectionsPercent', {
  max: 40,
  unset: 'violation',
  says: '% of its connections; allowed: 100% in all (MaxConnectionsPercent)',
  named: false,
});
cases(rdsSizeForConnections, shared, [
  ['violation', 'they may take more', { Two: pool(41) }, 'its proxies may take 101% of its connections'],
  ['compliant', 'one takes all', { One: undefined, Two: pool() }],
]);

const sizes = (type: string, property: string, more: object = {}): void => {
  cases(rdsSizeForConnections, { Database: [type, { [property]: 'db.t4g.medium', ...more }] }, [
    ['compliant', 'it is medium'],
    ...['db.t4g.small', 'db.t3.micro', 'db.t2.nano'].map(
      (size): Case => ['violation', size, { [`Database.${property}`]: size }, `${size} ${tiny}`],
    ),
    ...['db.r7g.small', 'db.t4g.small.x', 'xdb.t4g.small'].map(
      (size): Case => ['compliant', size, { [`Database.${property}`]: size }],
    ),
    ['compliant', 'in development', { [`Database.${property}`]: 'db.t4g.micro' }, { strict: false }],
    ['cannot-tell', 'a parameter says it', { [`Database.${property}`]: PARAMETER }],
  ]);
};
sizes('AWS::RDS::DBInstance', 'DBInstanceClass');
sizes('AWS::RDS::DBInstance', 'DBInstanceClass', { DBClusterIdentifier: 'its' });
sizes('AWS::RDS::DBCluster', 'DBClusterInstanceClass');
for (const MinCapacity of [0.5, 1]) {
  const large = changed(cluster, { 'Database.ServerlessV2ScalingConfiguration': { MinCapacity, MaxCapacity: 16 } });
  const max = MinCapacity === 1 ? 3360 : 2000;
  bounds(rdsSizeForConnections, large, MOST, { max, says: `and it takes ${max}` });
}
cases(rdsSizeForConnections, cluster, [
  [
    'compliant',
    'it asks another of the stack',
    { 'Fn.Environment.Variables.HOST': att('Other', 'Endpoint.Address'), Other: ['AWS::RDS::DBCluster', {}] },
  ],
  [
    'violation',
    'one proxy takes all, and another a little',
    { Fn: undefined, One: pool(), Two: pool(1) },
    'may take 101%',
  ],
]);
