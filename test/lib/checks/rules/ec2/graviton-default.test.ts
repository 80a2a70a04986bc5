import { gravitonDefault } from '../../../../../lib/checks/rules/ec2/graviton-default';
import { type Case, cases, PARAMETER } from '../../literal-fixture';

cases(gravitonDefault, { Fn: ['AWS::Lambda::Function', { Architectures: ['arm64'] }] }, [
  ['compliant', 'it runs on ARM'],
  ['violation', 'it runs on x86', { 'Fn.Architectures': ['x86_64'] }, 'Architectures is not arm64'],
  ['violation', 'it does not say', { 'Fn.Architectures': undefined }, 'Architectures is not arm64'],
  ['not-applicable', 'CDK runs it', { 'Fn.Architectures': undefined, 'Fn.Handler': 'framework.onEvent' }],
  [
    'not-applicable',
    'it makes a custom resource',
    { 'Fn.Architectures': undefined, It: ['Custom::It', { ServiceToken: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] },
  ],
  ['cannot-tell', 'a parameter says it', { 'Fn.Architectures': PARAMETER }],
]);
cases(gravitonDefault, { Task: ['AWS::ECS::TaskDefinition', { RuntimePlatform: { CpuArchitecture: 'ARM64' } }] }, [
  ['compliant', 'it runs on ARM'],
  ['violation', 'it runs on x86', { 'Task.RuntimePlatform.CpuArchitecture': 'X86_64' }, 'CpuArchitecture is not ARM64'],
  [
    'violation',
    'it runs on x86 with Linux',
    { 'Task.RuntimePlatform': { OperatingSystemFamily: 'LINUX' } },
    'CpuArchitecture',
  ],
  ['violation', 'it does not say', { 'Task.RuntimePlatform': undefined }, 'CpuArchitecture is not ARM64'],
  [
    'not-applicable',
    'it runs on Windows',
    { 'Task.RuntimePlatform': { OperatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
  ],
]);
for (const [type, property, prefix] of [
  ['AWS::RDS::DBInstance', 'DBInstanceClass', 'db'],
  ['AWS::RDS::DBCluster', 'DBClusterInstanceClass', 'db'],
  ['AWS::ElastiCache::ReplicationGroup', 'CacheNodeType', 'cache'],
  ['AWS::ElastiCache::CacheCluster', 'CacheNodeType', 'cache'],
] as const) {
  const machine = (name: unknown, more = {}) => ({ [`Data.${property}`]: name, ...more });
  cases(gravitonDefault, { Data: [type, { [property]: `${prefix}.r7g.large` }] }, [
    ...['t4g.micro', 'm8gd.large', 'x2gd.xlarge', 'im4gn.large', 'r10g.large'].map(
      (name): Case => ['compliant', name, machine(`${prefix}.${name}`)],
    ),
    ...['r7i.large', 't3.micro', 'm5.large', 'g5.large', 'r7.g', '7g.large', 'rg.large'].map(
      (name): Case => [
        'violation',
        name,
        machine(`${prefix}.${name}`),
        `${prefix}.${name} is no Graviton machine; allowed`,
      ],
    ),
    ['violation', 'the name only ends so', machine(`x${prefix}.r7g.large`), 'is no Graviton machine'],
    ['not-applicable', 'AWS chooses', machine('db.serverless')],
    ['not-applicable', 'it does not say', machine(undefined)],
    ...['oracle-ee', 'sqlserver-ex', 'db2-se', 'custom-oracle-ee', 'custom-sqlserver-se'].map(
      (Engine): Case => ['not-applicable', Engine, machine(`${prefix}.r7i.large`, { 'Data.Engine': Engine })],
    ),
    [
      'violation',
      'its engine runs on both',
      machine(`${prefix}.r7i.large`, { 'Data.Engine': 'postgres' }),
      'no Graviton',
    ],
    [
      'violation',
      'its engine only ends so',
      machine(`${prefix}.r7i.large`, { 'Data.Engine': 'x-oracle' }),
      'no Graviton',
    ],
    ['cannot-tell', 'a parameter says it', machine(PARAMETER)],
  ]);
}
