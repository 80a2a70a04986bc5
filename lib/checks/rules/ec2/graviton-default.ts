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
  if (X86_ENGINES.test(String(resource.properties['Engine'] ?? ''))) return undefined;
  const machine = resource.literal(CLASSES[resource.type] ?? '');
  return machine === undefined || machine === 'db.serverless' ? undefined : String(machine);
}

/** Prefer ARM (Graviton) for about 20% better price/performance unless the binary needs x86. */
export const gravitonDefault: Rule = {
  id: 'graviton-default',
  types: ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition', ...Object.keys(CLASSES)],
  check: (resource) => {
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
      if (String(resource.literal('RuntimePlatform.OperatingSystemFamily') ?? '').startsWith('WINDOWS'))
        return notApplicable;
      return mustHold(resource.literal('RuntimePlatform.CpuArchitecture') === 'ARM64', 'CpuArchitecture is not ARM64');
    }
    if (isDeploymentHelper(resource)) return notApplicable;
    return mustHold(
      resource.list('Architectures')[0] === 'arm64',
      'Architectures is not arm64: about 20% dearer per millisecond',
    );
  },
};
