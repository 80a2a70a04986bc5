// @project synthesis

import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DatabaseCluster, DatabaseClusterEngine } from 'aws-cdk-lib/aws-rds';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, it } from 'vitest';
import { stages } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { WebApp, type WebAppProps } from '../../../patterns/web-app';
import { resourcesOf, testApp, validationReport, webAppStacks } from '../../synthesize';

const ACCOUNT = '111111111111';
const COMPUTES = ['lambda', 'fargate'] as const;

/** Everything that somebody may have already, by its names alone. */
function existing(stack: Stack): WebAppProps['existing'] {
  const ids = (name: string) => [1, 2, 3].map((n) => `subnet-${name}${n}`);
  return {
    encryptionKey: Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/mine`),
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-mine',
      availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      privateSubnetIds: ids('app'),
      isolatedSubnetIds: ids('data'),
    }),
    database: {
      cluster: DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
        clusterIdentifier: 'mine',
        clusterResourceIdentifier: 'cluster-MINE',
        clusterEndpointAddress: 'mine.cluster-x.eu-west-1.rds.amazonaws.com',
        readerEndpointAddress: 'mine.cluster-ro-x.eu-west-1.rds.amazonaws.com',
        port: 5432,
        engine: DatabaseClusterEngine.AURORA_POSTGRESQL,
        securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'DatabaseGroup', 'sg-database')],
      }),
      secret: Secret.fromSecretCompleteArn(
        stack,
        'Secret',
        `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:rds!cluster-mine-AbCdEf`,
      ),
      clients: SecurityGroup.fromSecurityGroupId(stack, 'Clients', 'sg-clients'),
    },
    users: {
      userPool: UserPool.fromUserPoolId(stack, 'Users', 'eu-west-1_mine'),
      loginUrl: 'https://login.example.com',
    },
    webAclArn: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/mine/1`,
    alarmTopic: Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:eu-west-1:${ACCOUNT}:mine`),
  };
}

function build(app: App, compute: (typeof COMPUTES)[number]): Stack {
  const stack = new Stack(app, 'Mine', { env: { account: ACCOUNT, region: 'eu-west-1' } });
  new WebApp(stack, 'App', { stage: stages.staging, compute, existing: existing(stack) });
  return stack;
}

it.each(COMPUTES)('makes nothing that is there already, and uses it, with %s', (compute) => {
  const resources = Object.values(resourcesOf(Template.fromStack(build(testApp(), compute))));
  const types = new Set(resources.map(({ Type }) => Type));
  for (const type of [
    'AWS::KMS::Key',
    'AWS::EC2::VPC',
    'AWS::EC2::NatGateway',
    'AWS::RDS::DBCluster',
    'AWS::Cognito::UserPool',
    'AWS::WAFv2::WebACL',
    'AWS::SNS::Topic',
  ]) {
    expect(types, type).not.toContain(type);
  }
  const text = JSON.stringify(resources);
  for (const name of [
    'key/mine',
    'subnet-app1',
    'subnet-data1',
    'sg-clients',
    'eu-west-1_mine',
    'https://login.example.com',
    'global/webacl/mine/1',
    'sns:eu-west-1:111111111111:mine',
    'rds!cluster-mine-AbCdEf',
  ]) {
    expect(text, name).toContain(name);
  }
  expect(text).toContain(compute === 'lambda' ? 'AWS::RDS::DBProxy' : 'dbuser:cluster-MINE/app');
});

it.each(COMPUTES)(
  'is refused nothing by the packs, which cannot tell of subnets that are yours, with %s',
  (compute) => {
    const { violations } = validationReport(
      (app) => build(app, compute),
      (app) => allPacks(app, { strict: true }),
    );
    const told = violations.filter(
      ({ ruleName, description }) =>
        !ruleName.startsWith('Annotation::') && !description.startsWith('Rule threw an error'),
    );
    expect(told.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs])).toEqual([]);
  },
);

it('answers to a name of yours, with records and a certificate in us-east-1', () => {
  const app = testApp();
  const stack = new Stack(app, 'Mine', { env: { account: ACCOUNT, region: 'eu-west-1' } });
  const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z1',
    zoneName: 'example.com',
  });
  const { url } = new WebApp(stack, 'App', { site: { domain: { names: ['app.example.com'], hostedZone } } });
  expect(url).toBe('https://app.example.com');
  const { stacks } = app.synth();
  const holders = stacks.filter(({ template }) => JSON.stringify(template).includes('AWS::CertificateManager'));
  expect(holders.map(({ environment }) => environment.region)).toEqual(['us-east-1']);
  const template = Template.fromJSON(stacks.find(({ stackName }) => stackName === 'Mine')?.template ?? {});
  template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
    CallbackURLs: ['https://app.example.com/signed-in'],
  });
  expect(Object.keys(template.findResources('AWS::Route53::RecordSet'))).toHaveLength(2);
  expect(JSON.stringify(template.findResources('AWS::S3::Bucket'))).toContain('"https://app.example.com"');
});

it('leaves your users alone in dev too: no sign-in by an administrator, and no line that makes one', () => {
  const app = testApp();
  const userPool = UserPool.fromUserPoolId(new Stack(app, 'Yours'), 'Users', 'eu-west-1_mine');
  const { application } = webAppStacks(app, 'dev', {
    existing: { users: { userPool, loginUrl: 'https://login.example.com' } },
    login: {},
  });
  const dev = Template.fromStack(Stack.of(application));
  dev.hasResourceProperties('AWS::Cognito::UserPoolClient', { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] });
  expect(Object.keys(dev.toJSON().Outputs)).not.toContain('Try');
});
