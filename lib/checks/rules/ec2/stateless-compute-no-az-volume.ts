import { flagOf } from '../../../template/template-resource';
import { mustHold, type Rule, verdict } from '../../rule';

/** Volumes that every zone can mount. */
const SHARED = ['EFSVolumeConfiguration', 'FSxWindowsFileServerVolumeConfiguration', 'S3FilesVolumeConfiguration'];

interface Volume {
  readonly Name?: string;
  readonly Host?: { readonly SourcePath?: unknown };
  readonly ConfiguredAtLaunch?: unknown;
  readonly DockerVolumeConfiguration?: { readonly Scope?: string };
}

/** Whether what is in it outlives the task, on one machine or in one zone. Scratch space that goes with its task holds no state. */
function outlives(volume: Volume): boolean {
  if (SHARED.some((kind) => kind in volume)) return false;
  return (
    flagOf(volume.ConfiguredAtLaunch, 'ConfiguredAtLaunch') === true ||
    volume.Host?.SourcePath !== undefined ||
    volume.DockerVolumeConfiguration?.Scope === 'shared'
  );
}

/** EBS volumes stay in one AZ, so compute that can be relaunched elsewhere must hold no local state. */
export const statelessComputeNoAzVolume: Rule = {
  id: 'stateless-compute-no-az-volume',
  types: ['AWS::EC2::Volume', 'AWS::ECS::TaskDefinition', 'AWS::ECS::Service'],
  check: (resource) => {
    switch (resource.type) {
      case 'AWS::EC2::Volume':
        return mustHold(false, 'an EBS volume stays in one zone; allowed: EFS, or a data store');
      case 'AWS::ECS::Service':
        return mustHold(
          resource.list('VolumeConfigurations').length === 0,
          'VolumeConfigurations gives each task an EBS volume of one zone; allowed: EFS, or a data store',
        );
      default:
        return verdict(
          (resource.list('Volumes') as Volume[]).map(
            (volume) =>
              outlives(volume) &&
              `the volume ${volume.Name ?? ''} stays on one machine; allowed: EFS, or scratch space`,
          ),
        );
    }
  },
};
