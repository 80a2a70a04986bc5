import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { DatabaseCluster, DatabaseClusterEngine } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import { WebApp, type WebAppProps } from '../../../patterns/web-app';
import { testApp, webApp } from '../../synthesize';

const build = (props: WebAppProps, stage: 'dev' | 'prod' = 'dev') => webApp(testApp(), stage, props);

describe('the web app refuses with one clear error', () => {
  const cases: readonly (readonly [string, WebAppProps, RegExp])[] = [
    ['another compute', { compute: 'ec2' as never }, /compute is 'ec2'; allowed: 'lambda' or 'fargate'/],
    [
      'tasks without a way to keys',
      { compute: 'fargate', network: { nat: 'none' } },
      /network.nat is 'none'.*PrivateLink/,
    ],
    [
      'one task',
      { compute: 'fargate', scaling: { tasks: { min: 1, max: 2 } } },
      /tasks is '1 to 2'.*\[ecs-self-healing-service\]/,
    ],
    [
      'more functions than connections',
      { scaling: { concurrency: 400 } },
      /scaling.concurrency is.*\[rds-size-for-connections\]/,
    ],
    ['warmth where there is none', { scaling: { warmest: 5 } }, /scaling.warmest is 5; allowed: nothing in dev/],
    [
      'more tasks than connections',
      { compute: 'fargate', scaling: { tasks: { min: 2, max: 50 } } },
      /scaling.tasks is.*\[rds-size-for-connections\]/,
    ],
    [
      'a URL that lives an hour',
      { uploads: { urlLifetime: Duration.hours(1) } },
      /urlLifetime is '3600 s'.*\[s3-presign-expiry-5-15-min\]/,
    ],
    ['files of 6 GiB', { uploads: { maxSize: Size.gibibytes(6) } }, /maxSize is/],
    [
      'a capacity between steps',
      { data: { minCapacity: 0.7 } },
      /minCapacity is '0.7 ACU'.*\[aurora-serverless-bounds\]/,
    ],
    [
      'backups of a day',
      { data: { backupRetention: Duration.days(1) } },
      /backupRetention is '1 days'.*\[rds-backup-retention\]/,
    ],
    ['mail from nowhere', { login: { mailFrom: 'nobody' } }, /email.from is 'nobody'/],
    ['a site that is not built', { site: { folder: '/nowhere' } }, /folder is '\/nowhere'/],
    [
      'a regional web ACL',
      { existing: { webAclArn: 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/a/b' } },
      /\[waf-on-cloudfront\]/,
    ],
  ];
  it.each(cases)('%s', (_, props, message) => {
    expect(() => build(props)).toThrow(message);
  });

  it('a database that pauses, in prod', () => {
    expect(() => build({ data: { minCapacity: 0 } }, 'prod')).toThrow(
      /minCapacity is '0 ACU'.*\[aurora-serverless-bounds\]/,
    );
  });

  it('a database without a second instance, in prod', () => {
    expect(() => build({ data: { readers: 0 } }, 'prod')).toThrow(/readers is 0.*\[aurora-reader-second-az\]/);
  });

  it('a stack that does not say its region', () => {
    const stack = new Stack(testApp(), 'Nowhere');
    expect(() => new WebApp(stack, 'App')).toThrow(/env.region is 'left open'.*\[waf-on-cloudfront\]/);
  });

  it('a cluster of yours that was imported by halves', () => {
    const stack = new Stack(new App(), 'Mine', { env: { region: 'us-east-1' } });
    const database = {
      cluster: DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Theirs', {
        clusterIdentifier: 'theirs',
        engine: DatabaseClusterEngine.AURORA_POSTGRESQL,
      }),
      secret: Secret.fromSecretNameV2(stack, 'Secret', 'theirs'),
      clients: SecurityGroup.fromSecurityGroupId(stack, 'Clients', 'sg-1'),
    };
    expect(() => new WebApp(stack, 'App', { stage: stages.dev, existing: { database } })).toThrow(
      /existing.database.cluster is 'imported without its endpoints and its clusterResourceIdentifier'/,
    );
  });
});

describe('a route of your own is refused', () => {
  const entry = `${__dirname}/../../package/fresh-app/loyalty.ts`;
  const timeout = Duration.seconds(10);
  it.each([
    ['GET /reports', /route is 'GET \/reports'/],
    ['FETCH /api/reports', /route is 'FETCH/],
    ['GET /api/health', /no route has.*choose another path/],
    ['GET /api/*', /route is/],
  ])('%s', (route, message) => {
    expect(() => build({}).addRoute(route, { entry, timeout })).toThrow(message);
  });

  it('the second time', () => {
    const app = build({});
    app.addRoute('GET /api/reports/{month}', { entry, timeout });
    expect(() => app.addRoute('GET /api/reports/{month}', { entry, timeout })).toThrow(/choose another path/);
  });

  it('when it takes longer than the API waits', () => {
    expect(() => build({}).addRoute('GET /api/slow', { entry, timeout: Duration.minutes(1) })).toThrow(
      /timeout is '60 s'.*\[apigw-29s-timeout\]/,
    );
  });

  it('with Fargate', () => {
    expect(() => build({ compute: 'fargate' }).addRoute('GET /api/reports', { entry, timeout })).toThrow(
      /compute is 'fargate'/,
    );
  });
});
