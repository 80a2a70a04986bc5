import { textOf } from '../../../template/literal-text';
import type { TemplateResource } from '../../../template/template-resource';
import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../../rule';

/** Where databases and caches say what machine they run on. */
const CLASSES: Readonly<Record<string, string>> = {
  'AWS::RDS::DBInstance': 'DBInstanceClass',
  'AWS::RDS::DBCluster': 'DBClusterInstanceClass',
  'AWS::ElastiCache::ReplicationGroup': 'CacheNodeType',
  'AWS::ElastiCache::CacheCluster': 'CacheNodeType',
};
/** Engines that run on x86 alone. */
const X86_ENGINES = /^(custom-)?(oracle|sqlserver|db2)/;
/** `r7g`, `t4g`, `x2gd`: the family of `db.r7g.large`. */
const GRAVITON_FAMILY = /^(db|cache)\.[a-z]+\d+g/;

/** Undefined when AWS chooses the machine. */
function machineOf(resource: TemplateResource): string | undefined {
  if (X86_ENGINES.test(textOf(resource.properties['Engine']))) return undefined;
  const machine = resource.text(CLASSES[resource.type] ?? '');
  return machine === undefined || machine === 'db.serverless' ? undefined : machine;
}

export const gravitonDefault: Rule = {
  id: 'graviton-default',
  title: 'Functions, tasks, databases and caches run on ARM (Graviton)',
  why: 'Lambda and Fargate bill ARM 20% less than x86 for the same time, and Graviton machines of RDS and ElastiCache cost less than x86 of their size. Node.js, Python, Java and Go run on both.',
  fix: 'Set Architectures to arm64, RuntimePlatform.CpuArchitecture to ARM64, and a machine whose family ends in g, such as db.r7g.large or cache.t4g.small.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html',
  example: {
    fixed: {
      Function: { Type: 'AWS::Lambda::Function', Properties: { Architectures: ['arm64'] } },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: { RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' } },
      },
      Database: {
        Type: 'AWS::RDS::DBInstance',
        Properties: { Engine: 'postgres', DBInstanceClass: 'db.r7g.large' },
      },
      Cache: {
        Type: 'AWS::ElastiCache::ReplicationGroup',
        Properties: { Engine: 'valkey', CacheNodeType: 'cache.t4g.small' },
      },
    },
    broken: [
      { 'Function.Properties.Architectures': null },
      { 'Function.Properties.Architectures': ['x86_64'] },
      { 'Task.Properties.RuntimePlatform': null },
      { 'Database.Properties.DBInstanceClass': 'db.r7i.large' },
      { 'Cache.Properties.CacheNodeType': 'cache.t3.small' },
    ],
  },
  types: ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition', ...Object.keys(CLASSES)],
  check: (resource, inventory) => {
    if (resource.type in CLASSES) {
      const machine = machineOf(resource);
      if (machine === undefined) return notApplicable;
      return mustHold(
        GRAVITON_FAMILY.test(machine),
        `${machine} is no Graviton machine; allowed: a family such as r7g`,
      );
    }
    if (resource.type === 'AWS::ECS::TaskDefinition') {
      // There is no Windows for ARM in ECS.
      if ((resource.text('RuntimePlatform.OperatingSystemFamily') ?? '').startsWith('WINDOWS')) return notApplicable;
      return mustHold(resource.literal('RuntimePlatform.CpuArchitecture') === 'ARM64', 'CpuArchitecture is not ARM64');
    }
    if (isDeploymentHelper(resource) || inventory.makesCustomResource(resource)) return notApplicable;
    return mustHold(
      resource.list('Architectures')[0] === 'arm64',
      'Architectures is not arm64: about 20% dearer per millisecond',
    );
  },
};
