import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { IpAddresses, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { expect } from 'vitest';
import { DataKey, type StageName, stages } from '../../../lib';
import { FargateApi, type FargateApiProps } from '../../../lib/compute/fargate-api';
import { containerFrom } from '../../../lib/compute/prebuilt-container';
import { resourcesOf, testApp } from '../../synthesize';

/** A built container's folder, gone when the process is. */
export const CONTAINER = mkdtempSync(join(tmpdir(), 'groundplan-container-'));
writeFileSync(join(CONTAINER, 'Dockerfile'), 'FROM scratch\nCOPY server.js /\n');
writeFileSync(join(CONTAINER, 'server.js'), '');
process.once('exit', () => rmSync(CONTAINER, { recursive: true, force: true }));

/** The network and the data's security group in a stack of their own, and the API with a distribution in another. */
export function fargateFixture(app: App, stageName: StageName = 'dev', props: Partial<FargateApiProps> = {}) {
  const stage = stages[stageName];
  const data = new Stack(app, 'Data');
  const { key: encryptionKey } = new DataKey(data, 'Key', { stage, description: 'Logs' });
  const vpc = new Vpc(data, 'Vpc', {
    ipAddresses: IpAddresses.cidr('10.1.0.0/20'),
    natGateways: 1,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24 },
      { name: 'App', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
    ],
  });
  const clients = new SecurityGroup(data, 'Clients', {
    vpc,
    allowAllOutbound: false,
    description: 'Clients of the data',
  });
  const stack = new Stack(app, 'Mine');
  const make = (id: string, more: Partial<FargateApiProps> = {}) =>
    new FargateApi(stack, id, {
      stage,
      encryptionKey,
      vpc,
      subnets: { subnetGroupName: 'App' },
      clientSecurityGroup: clients,
      image: containerFrom(stack, CONTAINER),
      port: 8080,
      healthPath: '/api/health',
      environment: { UPLOADS_BUCKET: 'a-bucket' },
      ...props,
      ...more,
    });
  const api = make('Api');
  new Distribution(stack, 'Distribution', { defaultBehavior: { origin: api.origin } });
  return { data, stack, api, make };
}

export type Properties = Record<string, unknown>;

/** What a fixture makes, read by type. */
export function built(stage: StageName = 'dev', props: Partial<FargateApiProps> = {}) {
  const fixture = fargateFixture(testApp(), stage, props);
  const template = Template.fromStack(fixture.stack);
  const all = (type: string) => Object.values(resourcesOf(template, type)).map(({ Properties }) => Properties);
  const only = (type: string): Properties => {
    const [first, ...more] = all(type);
    expect(more).toEqual([]);
    return first ?? {};
  };
  const container = () => (only('AWS::ECS::TaskDefinition')['ContainerDefinitions'] as Properties[])[0] as Properties;
  return { ...fixture, template, all, only, container };
}

/** A list of `{ Key, Value }` as an object. */
export const attributes = (list: unknown) =>
  Object.fromEntries((list as { Key: string; Value: unknown }[]).map(({ Key, Value }) => [Key, Value]));
