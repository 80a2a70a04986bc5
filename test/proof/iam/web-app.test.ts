import { beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { deployedWebApp } from '../web-app/deployed';
import { expectAllowed, expectDenied, find, unusedGrants } from './harness';
import type { AccessRequest } from './policies';
import { ServiceRequests } from './service-requests';
import { ASSUMING_SERVICES, assumption, trustRequests } from './trust-requests';
import { WebAppRequests } from './web-app-requests';
import { usesOfWebApp } from './web-app-run';

const FOREIGN = '999999999999';

/** Each compute before each database that a stage gives it: a proxy with Lambda where nothing pauses, the cluster else. */
const SHAPES = [
  ['dev', 'lambda'],
  ['staging', 'lambda'],
  ['prod', 'lambda'],
  ['staging', 'fargate'],
] as const;

/** CDK's own functions, whose roles have AWS's policy for logs, and of which nobody knows the calls before they run. */
const PROVIDER = /^(AWS679|Custom)/;

for (const [stage, compute] of SHAPES) {
  describe(`the IAM of the web app in ${stage} with ${compute}`, () => {
    let template: ResolvedTemplate;
    let edge: ResolvedTemplate;
    let used: AccessRequest[];
    beforeAll(async () => {
      ({ regional: template, edge } = deployedWebApp(stage, compute).resolved());
      used = await usesOfWebApp(template);
    });

    it('allows what its handlers, its tasks and the services do', async () => {
      const roles = template.ofType('AWS::IAM::Role').map(({ arn }) => arn);
      const principals = new Set(used.map(({ principal }) => principal));
      expect([...principals].filter((principal) => principal.startsWith('arn:')).sort()).toEqual(roles.sort());
      await expectAllowed(template, used);
    });

    it('grants nothing that is not used', () => {
      expect(unusedGrants(template, used, {}).unstated).toEqual([]);
    });

    it("grants by no other kind of policy, but for CDK's own functions", () => {
      const others = template
        .ofType('AWS::IAM::Role')
        .filter(({ properties }) => 'ManagedPolicyArns' in properties || 'Policies' in properties);
      for (const { logicalId } of others) expect(logicalId).toMatch(PROVIDER);
    });

    it('lets each role be assumed by the service that it is for, and by no other', async () => {
      const requests = [template, edge].flatMap((each) => trustRequests(each));
      const roles = [template, edge].flatMap((each) => each.ofType('AWS::IAM::Role').map(({ arn }) => arn));
      expect(new Set(requests.map(({ resource }) => resource))).toEqual(new Set(roles));
      for (const each of [template, edge]) {
        await expectAllowed(each, trustRequests(each));
        const services = [...new Set([...ASSUMING_SERVICES, 'events.amazonaws.com'])];
        const others = trustRequests(each).flatMap(({ principal, resource }) =>
          services
            .filter((service) => service !== principal)
            .map((service) => assumption(each, service, resource, each.deployment.account)),
        );
        await expectDenied(each, others);
      }
    });

    it("lets CloudFront's part write its logs and tell of its alarms, and grants nothing else", async () => {
      const uses = [...new ServiceRequests(edge).all(), ...new WebAppRequests(edge).all()];
      const services = new Set(uses.map(({ principal }) => principal).filter((each) => !each.startsWith('arn:')));
      expect(services).toContain('delivery.logs.amazonaws.com');
      await expectAllowed(edge, uses);
      expect(unusedGrants(edge, uses, {}).unstated).toEqual([]);
    });
  });
}

for (const compute of ['lambda', 'fargate'] as const) {
  describe(`the web app with ${compute} denies`, () => {
    let template: ResolvedTemplate;
    let edge: ResolvedTemplate;
    beforeAll(() => {
      ({ regional: template, edge } = deployedWebApp('staging', compute).resolved());
    });

    const role = (part: string) => find(template, 'AWS::IAM::Role', part).arn;
    const application = () => role(compute === 'lambda' ? 'ApiApplicationRole' : 'TaskTaskRole');
    const inspector = () => role('InspectorRole');
    const schema = () => role('SchemaHandlerRole');
    const bucket = (part: string) => find(template, 'AWS::S3::Bucket', part);
    const act = (principal: string, action: string, resource: string, context = {}): AccessRequest => ({
      principal,
      action,
      resource,
      policyOf: template.byArn(resource.replace(/^(arn:aws:s3:::[^/]+)\/.+$/, '$1'))?.logicalId,
      context,
    });

    it('to connect as anyone else, or elsewhere', async () => {
      const requests = new WebAppRequests(template);
      const logins = requests.all().filter(({ action }) => action === 'rds-db:connect');
      expect(logins.length).toBeGreaterThan(1);
      await expectDenied(
        template,
        logins.flatMap((login) => [
          { ...login, resource: login.resource.replace(/app$/, 'administrator') },
          { ...login, resource: login.resource.replace(/dbuser:[^/]+/, 'dbuser:cluster-OTHER') },
        ]),
      );
      const caches = requests.all().filter(({ action }) => action === 'elasticache:Connect');
      await expectDenied(
        template,
        caches.map((login) => ({ ...login, resource: `${login.resource}x` })),
      );
    });

    it('to go around the proxy, where there is one', async () => {
      const [proxy] = template.ofType('AWS::RDS::DBProxy');
      const [cluster] = template.ofType('AWS::RDS::DBCluster');
      const direct = [application(), inspector()].map((principal) =>
        new WebAppRequests(template).databaseLogin(principal, cluster?.attributes['DBClusterResourceId'] ?? ''),
      );
      if (proxy === undefined) await expectAllowed(template, direct);
      else await expectDenied(template, direct);
    });

    it("the function's code what is Lambda's to do with network interfaces", async () => {
      const network = new WebAppRequests(template).all().filter(({ action }) => action.endsWith('NetworkInterface'));
      expect(network.length).toBeGreaterThan(0);
      const context = { 'lambda:SourceFunctionArn': find(template, 'AWS::Lambda::Function', 'Inspector').arn };
      await expectDenied(
        template,
        network.map((request) => ({ ...request, context })),
      );
    });

    it("the application what is the migration's, and the migration what is the application's", async () => {
      const [cluster] = template.ofType('AWS::RDS::DBCluster');
      const secret = cluster?.attributes['MasterUserSecret.SecretArn'] ?? '';
      const key = find(template, 'AWS::KMS::Key').arn;
      await expectDenied(template, [
        act(application(), 'secretsmanager:GetSecretValue', secret),
        act(application(), 'rds-data:ExecuteStatement', cluster?.arn ?? ''),
        act(schema(), 's3:GetObject', `${bucket('Uploads').arn}/uploads/ada/1`),
        act(schema(), 'secretsmanager:GetSecretValue', `${secret}-other`),
        // The key, but through Secrets Manager, and for that secret.
        act(schema(), 'kms:Decrypt', key),
        act(schema(), 'kms:Decrypt', key, {
          'kms:ViaService': 's3.eu-west-1.amazonaws.com',
          'kms:EncryptionContext:SecretARN': secret,
        }),
        act(schema(), 'kms:Decrypt', key, {
          'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com',
          'kms:EncryptionContext:SecretARN': `${secret}-other`,
        }),
        act(application(), 'kms:ScheduleKeyDeletion', key),
      ]);
    });

    it('each bucket to whom it is not for', async () => {
      const page = `${bucket('SiteBucket').arn}/index.html`;
      const [distribution] = template.ofType('AWS::CloudFront::Distribution');
      await expectDenied(template, [
        act('cloudfront.amazonaws.com', 's3:GetObject', page, { 'aws:SourceArn': `${distribution?.arn}X` }),
        act('cloudfront.amazonaws.com', 's3:GetObject', page),
        act('cloudfront.amazonaws.com', 's3:PutObject', page, { 'aws:SourceArn': distribution?.arn }),
        act('cloudfront.amazonaws.com', 's3:GetObject', `${bucket('Uploads').arn}/uploads/ada/1`, {
          'aws:SourceArn': distribution?.arn,
        }),
        act(application(), 's3:PutObject', page),
        act(role('SiteCopierRole'), 's3:DeleteObject', page),
        act(role('SiteCopierRole'), 's3:GetObject', `${bucket('Uploads').arn}/uploads/ada/1`),
        act(role('SiteCopierRole'), 'cloudfront:CreateInvalidation', `${distribution?.arn}X`),
      ]);
    });

    it("other rules' events, other accounts' alarms and logs, and other services", async () => {
      const rule = find(template, 'AWS::Events::Rule').arn;
      const queue = find(template, 'AWS::SQS::Queue', 'EventsWorkQueue').arn;
      const topic = find(template, 'AWS::SNS::Topic').arn;
      const key = find(template, 'AWS::KMS::Key').arn;
      await expectDenied(template, [
        act('events.amazonaws.com', 'sqs:SendMessage', queue, { 'aws:SourceArn': `${rule}-other` }),
        act('sns.amazonaws.com', 'sqs:SendMessage', queue, { 'aws:SourceArn': rule }),
        act('cloudwatch.amazonaws.com', 'sns:Publish', topic, { 'aws:SourceAccount': FOREIGN }),
        act('events.amazonaws.com', 'sns:Publish', topic, { 'aws:SourceAccount': template.deployment.account }),
        act('events.amazonaws.com', 'kms:GenerateDataKey', key, { 'aws:SourceAccount': FOREIGN }),
        act('logs.eu-west-1.amazonaws.com', 'kms:Decrypt', key, {
          'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:eu-west-1:${FOREIGN}:log-group:theirs`,
        }),
      ]);
      const deliveries = new WebAppRequests(edge).all().filter(({ action }) => action === 's3:PutObject');
      expect(deliveries).toHaveLength(1);
      await expectDenied(
        edge,
        deliveries.flatMap((delivery) => [
          { ...delivery, context: { ...delivery.context, 'aws:SourceAccount': FOREIGN } },
          { ...delivery, context: { ...delivery.context, 's3:x-amz-acl': 'private' } },
          { ...delivery, resource: delivery.resource.replace('AWSLogs', 'cloudfront') },
        ]),
      );
    });

    it('the API to who is not its own gateway', async () => {
      const invocations = new ServiceRequests(template)
        .all()
        .filter(
          ({ principal, action }) => principal === 'apigateway.amazonaws.com' && action === 'lambda:InvokeFunction',
        );
      expect(invocations).toHaveLength(compute === 'lambda' ? 2 : 0);
      const other = (arn = '') => arn.replace(/(execute-api:[^:]+:[^:]+:)[^/]+/, '$1other');
      await expectDenied(
        template,
        invocations.flatMap((request) => [
          { ...request, context: { 'aws:SourceArn': other(request.context?.['aws:SourceArn']) } },
          { ...request, principal: 's3.amazonaws.com' },
        ]),
      );
    });

    it("tasks' roles to tasks of other accounts, and logs of a load balancer anywhere else", async () => {
      if (compute === 'lambda') return;
      const requests = trustRequests(template).filter(({ resource }) => resource === application());
      expect(requests).toHaveLength(1);
      const logs = bucket('BalancerLogs');
      await expectDenied(template, [
        assumption(template, 'ecs-tasks.amazonaws.com', application(), FOREIGN),
        act('logdelivery.elasticloadbalancing.amazonaws.com', 's3:PutObject', `${logs.arn}/elsewhere`),
        act('logdelivery.elasticloadbalancing.amazonaws.com', 's3:GetObject', `${logs.arn}/AWSLogs/1`),
        act(role('ExecutionRole'), 's3:GetObject', `${bucket('Uploads').arn}/uploads/ada/1`),
        act(role('ExecutionRole'), 'ecr:BatchGetImage', 'arn:aws:ecr:eu-west-1:111111111111:repository/other'),
      ]);
    });
  });
}
