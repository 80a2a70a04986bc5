import { describe, expect, it } from 'vitest';
import { serviceLinkedRoles } from '../../../../../lib/operations/doctor/checks/service-linked-roles';
import { denied, Refusal } from '../account-fixture';
import { useDoctor } from '../doctor-fixture';

const { told, account } = useDoctor();
const CLUSTER = { Cluster: { Type: 'AWS::ECS::Cluster' }, Service: { Type: 'AWS::ECS::Service' } };
const DATABASE = { Database: { Type: 'AWS::RDS::DBCluster' } };
const missing = { 'iam:GetRole': () => new Refusal('NoSuchEntity', 'The role cannot be found', 404) };

describe('service-linked roles', () => {
  it('that are there are fine; IAM is asked where it is', async () => {
    expect(await told(serviceLinkedRoles.id, CLUSTER)).toMatchObject([{ is: 'ok', subject: 'AWSServiceRoleForECS' }]);
    expect(account().asked).toContainEqual(expect.objectContaining({ action: 'iam:GetRole', region: 'us-east-1' }));
  });

  it('that ECS makes too late fail the first time', async () => {
    expect(await told(serviceLinkedRoles.id, CLUSTER, missing)).toMatchObject([
      {
        is: 'will-fail',
        resources: [{ path: 'Cluster' }, { path: 'Service' }],
        reason: expect.stringMatching(/Unable to assume the service linked role/),
        commands: ['aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com'],
      },
    ]);
  });

  it('that a service makes in time depend on who deploys', async () => {
    expect(await told(serviceLinkedRoles.id, DATABASE, missing)).toMatchObject([
      { is: 'cannot-tell', commands: ['aws iam create-service-linked-role --aws-service-name rds.amazonaws.com'] },
    ]);
  });

  it('are asked for where a property says so', async () => {
    const scaling = (ServiceNamespace: unknown) => ({
      Target: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { ServiceNamespace } },
    });
    const subjects = async (namespace: unknown) =>
      (await told(serviceLinkedRoles.id, scaling(namespace))).map(({ subject }) => subject.split('_')[1]);
    expect(await subjects('ecs')).toEqual(['ECSService']);
    expect(await subjects('cassandra')).toEqual([]);
    expect(await subjects({ Ref: 'Namespace' })).toEqual(['ECSService', 'DynamoDBTable', 'LambdaConcurrency']);
  });

  it('cannot be told without permission, and are not asked for where nothing needs them', async () => {
    expect(await told(serviceLinkedRoles.id, CLUSTER, { 'iam:GetRole': denied })).toMatchObject([
      { is: 'cannot-tell', reason: 'no permission for iam:GetRole in eu-west-1' },
    ]);
    expect(await told(serviceLinkedRoles.id, { Queue: { Type: 'AWS::SQS::Queue' } })).toEqual([]);
  });
});
