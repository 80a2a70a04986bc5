import { statelessComputeNoAzVolume } from '../../../../../lib/checks/rules/ec2/stateless-compute-no-az-volume';
import { type Case, cases, type Literals, PARAMETER } from '../../literal-fixture';

const task = (volume: object): Literals => ({
  Task: ['AWS::ECS::TaskDefinition', { Volumes: [{ Name: 'scratch' }, { Name: 'data', ...volume }] }],
});
const says = 'the volume data stays on one machine; allowed: EFS, or scratch space';

cases(statelessComputeNoAzVolume, { Volume: ['AWS::EC2::Volume', {}] }, [
  ['violation', 'there is one', {}, 'an EBS volume stays in one zone; allowed: EFS'],
]);
cases(statelessComputeNoAzVolume, { Service: ['AWS::ECS::Service', {}] }, [
  ['compliant', 'tasks have none'],
  [
    'violation',
    'each has one',
    { 'Service.VolumeConfigurations': [{}] },
    'VolumeConfigurations gives each task an EBS volume',
  ],
  ['cannot-tell', 'a parameter says it', { 'Service.VolumeConfigurations': PARAMETER }],
]);
cases(statelessComputeNoAzVolume, task({}), [
  ['compliant', 'it is scratch space'],
  ['compliant', 'there is none', { 'Task.Volumes': undefined }],
  ['violation', 'it is configured at launch', task({ ConfiguredAtLaunch: true }), says],
  ['violation', 'it is, as text', task({ ConfiguredAtLaunch: 'true' }), says],
  ['compliant', 'it is not', task({ ConfiguredAtLaunch: false })],
  ['violation', 'it is a path of the machine', task({ Host: { SourcePath: '/data' } }), says],
  ['compliant', 'it is a path of the task', task({ Host: {} })],
  ['violation', 'Docker shares it', task({ DockerVolumeConfiguration: { Scope: 'shared' } }), says],
  ['compliant', 'Docker keeps it to a task', task({ DockerVolumeConfiguration: { Scope: 'task' } })],
  ...['EFSVolumeConfiguration', 'FSxWindowsFileServerVolumeConfiguration', 'S3FilesVolumeConfiguration'].map(
    (kind): Case => ['compliant', `it is shared by ${kind}`, task({ [kind]: {}, Host: { SourcePath: '/data' } })],
  ),
  ['violation', 'it has no name', { 'Task.Volumes': [{ ConfiguredAtLaunch: true }] }, 'the volume  stays'],
  ['cannot-tell', 'a parameter says it', task({ ConfiguredAtLaunch: PARAMETER })],
]);
