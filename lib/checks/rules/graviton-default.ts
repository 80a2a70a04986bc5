import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../rule';

/** Prefer ARM (Graviton) for about 20% better price/performance unless the binary needs x86. */
export const gravitonDefault: Rule = {
  id: 'graviton-default',
  types: ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition'],
  check: (resource) => {
    if (resource.type === 'AWS::ECS::TaskDefinition') {
      return mustHold(resource.literal('RuntimePlatform.CpuArchitecture') === 'ARM64', 'CpuArchitecture is not ARM64');
    }
    if (isDeploymentHelper(resource)) return notApplicable;
    return mustHold(
      resource.list('Architectures')[0] === 'arm64',
      'Architectures is not arm64: about 20% dearer per millisecond',
    );
  },
};
