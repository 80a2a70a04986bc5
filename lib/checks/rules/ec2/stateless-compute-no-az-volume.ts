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

export const statelessComputeNoAzVolume: Rule = {
  id: 'stateless-compute-no-az-volume',
  title: 'What can be started again elsewhere keeps no state on a volume of one zone or machine',
  why: 'An EBS volume stays in its zone, and a path of the host on its machine. A task that is started again elsewhere comes up without its data, or does not come up at all.',
  fix: 'Mount EFS (EFSVolumeConfiguration) or write to a data store; leave a volume without a host path for scratch space.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes.html',
  example: {
    fixed: {
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          Volumes: [
            { Name: 'scratch' },
            { Name: 'uploads', EFSVolumeConfiguration: { FilesystemId: 'fs-0123456789abcdef0' } },
          ],
        },
      },
      Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: { Ref: 'Task' } } },
    },
    broken: [
      { 'Task.Properties.Volumes.0.Host': { SourcePath: '/data' } },
      { 'Task.Properties.Volumes.0.ConfiguredAtLaunch': true },
      { 'Task.Properties.Volumes.1': { Name: 'uploads', DockerVolumeConfiguration: { Scope: 'shared' } } },
      { 'Service.Properties.VolumeConfigurations': [{ Name: 'scratch' }] },
      {
        Disk: {
          Type: 'AWS::EC2::Volume',
          Properties: { AvailabilityZone: 'eu-west-1a', Size: 100, VolumeType: 'gp3' },
        },
      },
    ],
  },
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
          resource
            .maps<Volume>('Volumes')
            .map(
              (volume) =>
                outlives(volume) &&
                `the volume ${volume.Name ?? ''} stays on one machine; allowed: EFS, or scratch space`,
            ),
        );
    }
  },
};
