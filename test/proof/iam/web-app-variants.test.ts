import { join } from 'node:path';
import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { type Deployed, deployedWebApp } from '../web-app/deployed';
import { expectAllowed, expectDenied, find, unusedGrants } from './harness';
import { WebAppRequests } from './web-app-requests';
import { usesOfWebApp } from './web-app-run';

/** A handler that calls nobody. */
const ENTRY = join(__dirname, '../../package/fresh-app/loyalty.ts');
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/theirs';

describe('a web app with a route of its own', () => {
  it('lets it connect to the database and the cache, and no more', async () => {
    const { regional } = deployedWebApp('staging', 'lambda', {
      extend: ({ application }) => {
        application.addRoute('GET /api/reports/{month}', { entry: ENTRY, timeout: Duration.seconds(5) });
      },
    }).resolved();
    const used = await usesOfWebApp(regional);
    await expectAllowed(regional, used);
    expect(unusedGrants(regional, used, {}).unstated).toEqual([]);
    const principal = find(regional, 'AWS::IAM::Role', 'GETapireports').arn;
    const own = new Set(used.flatMap((each) => (each.principal === principal ? [each.action.split(':')[0]] : [])));
    expect(own).toEqual(new Set(['ec2', 'elasticache', 'logs', 'rds-db', 'xray']));
    const bucket = find(regional, 'AWS::S3::Bucket', 'Uploads');
    await expectDenied(regional, [
      {
        principal,
        action: 's3:GetObject',
        resource: `${bucket.arn}/uploads/ada/1`,
        policyOf: bucket.logicalId,
      },
    ]);
  });
});

describe('a web app without a cache', () => {
  it('grants nobody to connect to one', async () => {
    const { regional } = deployedWebApp('staging', 'fargate', { data: { cache: false } }).resolved();
    const used = await usesOfWebApp(regional);
    await expectAllowed(regional, used);
    expect(unusedGrants(regional, used, {}).unstated).toEqual([]);
    expect(used.filter(({ action }) => action === 'elasticache:Connect')).toEqual([]);
  });
});

describe('a web app with a key of the user', () => {
  it('lets each role use that key for what it works on', async () => {
    const theirs = new Stack(new App(), 'Theirs');
    const { regional } = deployedWebApp('staging', 'lambda', {
      existing: { encryptionKey: Key.fromKeyArn(theirs, 'Key', KEY) },
      extend: ({ foundation: { dataKey } }) => {
        const reason = "The key's policy is the user's.";
        Validations.of(dataKey).acknowledge({ id: 'Annotation::groundplan:kms-fanout-key-policy', reason });
      },
    }).resolved();
    const used = await usesOfWebApp(regional);
    // What a service does on its own, the policy of the user's key has to allow.
    const ofRoles = used.filter(({ principal }) => principal.startsWith('arn:'));
    await expectAllowed(regional, ofRoles);
    expect(unusedGrants(regional, ofRoles, {}).unstated).toEqual([]);
    const keys = new Set(ofRoles.flatMap(({ action, resource }) => (action.startsWith('kms:') ? [resource] : [])));
    expect(keys).toEqual(new Set([KEY]));
  });
});

describe('the proof itself', () => {
  let deployed: Deployed;
  beforeAll(() => {
    deployed = deployedWebApp('staging', 'lambda');
  });

  interface Statement {
    Action: string | string[];
    Resource: unknown;
    Condition?: unknown;
  }
  const statements = (template: MutableTemplate, type: string, part: string): Statement[] => {
    const { PolicyDocument, KeyPolicy } = template.properties(type, part) as Record<string, { Statement: Statement[] }>;
    return (PolicyDocument ?? KeyPolicy)?.Statement ?? [];
  };
  const without = (type: string, part: string, action: string) => (template: MutableTemplate) => {
    const all = statements(template, type, part);
    const kept = all.filter(({ Action }) => ![Action].flat().includes(action));
    expect(kept.length).toBeLessThan(all.length);
    all.splice(0, all.length, ...kept);
  };
  const POLICY = 'AWS::IAM::Policy';
  const ruin: Readonly<Record<string, (template: MutableTemplate) => void>> = {
    'a login at the database that nobody grants': without(POLICY, 'ApiApplicationRole', 'rds-db:connect'),
    'a login of the proxy itself': without(POLICY, 'ProxyRole', 'rds-db:connect'),
    'a login at the cache': without(POLICY, 'InspectorRole', 'elasticache:Connect'),
    'network interfaces': without(POLICY, 'ApiApplicationRole', 'ec2:CreateNetworkInterface'),
    'the key of files': without(POLICY, 'InspectorRole', 'kms:GenerateDataKey'),
    'the key of the secret': without(POLICY, 'SchemaHandlerRole', 'kms:Decrypt'),
    'a transaction that is rolled back': without(POLICY, 'SchemaHandlerRole', 'rds-data:RollbackTransaction'),
    'events that a queue does not take': without('AWS::SQS::QueuePolicy', 'EventsWorkQueue', 'sqs:SendMessage'),
    'events that a key does not take': without('AWS::KMS::Key', '', 'kms:GenerateDataKey*'),
    'a distribution that may not read': without('AWS::S3::BucketPolicy', 'SiteBucket', 's3:GetObject'),
    'a site that is not copied': without(POLICY, 'SiteFiles', 's3:PutObject'),
    'a permission of the API': (template) => template.remove('AWS::Lambda::Permission'),
    'a grant that nobody uses': (template) => {
      const bucket = { 'Fn::GetAtt': [template.id('AWS::S3::Bucket', 'Uploads'), 'Arn'] };
      statements(template, POLICY, 'ApiApplicationRole').push({ Action: 's3:PutBucketPolicy', Resource: bucket });
    },
  };

  it.each(Object.entries(ruin))('finds %s', async (_, take) => {
    const template = new MutableTemplate(deployed.regional);
    take(template);
    await expect(check(deployed.resolved(template.document).regional)).rejects.toThrow(
      /to be 'Allowed'|to deeply equal/,
    );
  });

  it('finds a login as anyone', async () => {
    const template = new MutableTemplate(deployed.regional);
    const [login] = statements(template, POLICY, 'ApiApplicationRole').filter(
      ({ Action }) => Action === 'rds-db:connect',
    );
    if (login !== undefined) login.Resource = '*';
    const { regional } = deployed.resolved(template.document);
    const principal = find(regional, 'AWS::IAM::Role', 'ApiApplicationRole').arn;
    const asOwner = new WebAppRequests(regional).databaseLogin(principal, 'cluster-OTHER', 'administrator');
    await expect(expectDenied(regional, [asOwner])).rejects.toThrow();
  });

  it('finds network interfaces that the code may make, too', async () => {
    const template = new MutableTemplate(deployed.regional);
    for (const statement of statements(template, POLICY, 'ApiApplicationRole')) delete statement.Condition;
    const { regional } = deployed.resolved(template.document);
    const made = new WebAppRequests(regional).all().filter(({ action }) => action === 'ec2:CreateNetworkInterface');
    const context = { 'lambda:SourceFunctionArn': find(regional, 'AWS::Lambda::Function', 'ApplicationFunction').arn };
    await expect(
      expectDenied(
        regional,
        made.map((request) => ({ ...request, context })),
      ),
    ).rejects.toThrow();
  });

  it('finds nothing where all is right', () => expect(check(deployed.resolved().regional)).resolves.toBeUndefined());
});

async function check(template: ResolvedTemplate): Promise<void> {
  const used = await usesOfWebApp(template);
  await expectAllowed(template, used);
  expect(unusedGrants(template, used, {}).unstated).toEqual([]);
}
