import { App, Duration, Stack, Validations } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, type CatalogueId, runRules, runRulesOnTemplates, type TemplateDocument } from '../../../lib/checks';
import { GroundplanChecks } from '../../../lib/checks/nag';
import { validationReport } from '../../synthesize';

const app = () => new App({ builtinCloudFormationValidation: false });

/** A consumer in a stack of its own, behind an alias, reading a queue of another stack. */
function twoStacks(visibilitySeconds: number): App {
  const built = app();
  const queue = new Queue(new Stack(built, 'Queues'), 'Jobs', {
    visibilityTimeout: Duration.seconds(visibilitySeconds),
  });
  const fn = new LambdaFunction(new Stack(built, 'Consumers'), 'Worker', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    timeout: Duration.seconds(60),
  });
  fn.addAlias('live').addEventSource(new SqsEventSource(queue));
  return built;
}

function verdictsOf(built: App, id: CatalogueId): string[] {
  return runRules(built).flatMap((finding) => (finding.id === id ? [finding.verdict.kind] : []));
}

describe('the rules on somebody else’s stacks', () => {
  it('follow references through aliases and across stacks', () => {
    expect(verdictsOf(twoStacks(359), 'sqs-visibility-timeout-exceeds-processing')).toEqual(['violation']);
    expect(verdictsOf(twoStacks(360), 'sqs-visibility-timeout-exceeds-processing')).toEqual(['compliant']);
  });

  it('cannot tell of what is in none of the templates', () => {
    const built = app();
    const stack = new Stack(built, 'Mine');
    const queue = Queue.fromQueueArn(stack, 'Theirs', 'arn:aws:sqs:eu-west-1:111111111111:theirs');
    new LambdaFunction(stack, 'Worker', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {};'),
      events: [new SqsEventSource(queue)],
    });
    expect(verdictsOf(built, 'lambda-sqs-max-receive-count')).toEqual(['cannot-tell']);
  });

  it('take a token or a signature on a route, and nothing less', () => {
    const built = app();
    const stack = new Stack(built, 'Mine');
    const api = new HttpApi(stack, 'Api');
    const integration = new HttpUrlIntegration('Shop', 'https://shop.example.com');
    const issuer = new HttpJwtAuthorizer('Jwt', 'https://sso.example.com', { jwtAudience: ['shop'] });
    const authorizers = { '/iam': new HttpIamAuthorizer(), '/jwt': issuer, '/open': new HttpNoneAuthorizer() };
    for (const [path, authorizer] of Object.entries(authorizers)) {
      api.addRoutes({ path, methods: [HttpMethod.POST], integration, authorizer });
    }
    const verdicts = runRules(built).flatMap(({ id, resource, verdict }) =>
      id === 'apigw-authorizer-on-every-route' ? [[resource.literal('RouteKey'), verdict.kind]] : [],
    );
    expect(verdicts).toEqual([
      ['POST /iam', 'compliant'],
      ['POST /jwt', 'compliant'],
      ['POST /open', 'violation'],
    ]);
    expect(verdictsOf(built, 'cognito-native-jwt-authorizer')).toEqual(['compliant']);
  });

  it('object to what a bare queue and alarm lack, and say what is allowed', () => {
    const built = app();
    const stack = new Stack(built, 'Mine');
    const queue = new Queue(stack, 'Jobs');
    new Alarm(stack, 'Depth', {
      metric: queue.metricApproximateNumberOfMessagesVisible(),
      threshold: 1,
      evaluationPeriods: 1,
    });
    const findings = runRules(built).filter(({ verdict }) => verdict.kind === 'violation');
    // A rule that is none of the guide's may object to more (npm run new:rule).
    const ofTheGuide = new Set(CATALOGUE.flatMap(({ id, guideLines }) => (guideLines.length > 0 ? [id] : [])));
    expect(findings.flatMap(({ id }) => (ofTheGuide.has(id) ? [id] : [])).sort()).toEqual([
      'cw-alarm-has-action',
      'cw-missing-data-explicit',
      'cw-queue-age-alarm',
      'encrypt-everything-at-rest',
      'sqs-dlq-required',
      'sqs-long-polling',
      'sqs-retention-explicit',
      'tls-everywhere',
    ]);
    const polling = findings.find(({ id }) => id === 'sqs-long-polling');
    expect(polling?.resource.path).toBe('Mine/Jobs/Resource');
    expect(polling?.verdict).toMatchObject({ findings: ['ReceiveMessageWaitTimeSeconds is 0; allowed: 20'] });
  });

  it('bound what a warehouse may cost', () => {
    const workgroup = (Properties: Record<string, unknown>) => ({
      Type: 'AWS::RedshiftServerless::Workgroup',
      Properties,
    });
    const Resources = {
      Bounded: workgroup({ MaxCapacity: 16, PubliclyAccessible: false }),
      Boundless: workgroup({}),
      Open: workgroup({ MaxCapacity: 16, PubliclyAccessible: true }),
      Asked: workgroup({ MaxCapacity: { Ref: 'Capacity' } }),
      Cluster: { Type: 'AWS::Redshift::Cluster', Properties: {} },
    };
    const verdicts = runRulesOnTemplates({ Mine: { Resources } }).flatMap(({ id, resource, verdict }) =>
      id === 'redshift-serverless-bounds' ? [[resource.logicalId, verdict.kind]] : [],
    );
    expect(Object.fromEntries(verdicts)).toEqual({
      Bounded: 'compliant',
      Boundless: 'violation',
      Open: 'violation',
      Asked: 'cannot-tell',
      Cluster: 'violation',
    });
  });

  it('leave alone what makes a custom resource: its deployment fails with it', () => {
    const fn = { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs24.x' } };
    const verdicts = (Resources: object) =>
      runRulesOnTemplates({ Mine: { Resources } as TemplateDocument }).flatMap(({ id, verdict }) =>
        id === 'lambda-concurrency-alarm' || id === 'cw-log-metric-filter' ? [verdict.kind] : [],
      );
    expect(verdicts({ Fn: fn })).toEqual(['violation', 'violation']);
    const Properties = { ServiceToken: { 'Fn::GetAtt': ['Fn', 'Arn'] } };
    expect(verdicts({ Fn: fn, Thing: { Type: 'Custom::Thing', Properties } })).toEqual([]);
  });

  it('read any template, with numbers as text and references by Fn::Sub', () => {
    const Resources = {
      Dead: { Type: 'AWS::SQS::Queue' },
      Jobs: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          ReceiveMessageWaitTimeSeconds: '20',
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::Sub': '$' + '{Dead.Arn}' }, maxReceiveCount: '5' },
        },
      },
    };
    const of = (id: string, logicalId: string) =>
      runRulesOnTemplates({ Mine: { Resources } }).find(
        (finding) => finding.id === id && finding.resource.logicalId === logicalId,
      )?.verdict.kind;
    expect(of('sqs-long-polling', 'Jobs')).toBe('compliant');
    expect(of('sqs-dlq-required', 'Jobs')).toBe('compliant');
    expect(of('sqs-dlq-required', 'Dead')).toBeUndefined();
    expect(of('lambda-dlq-not-empty-alarm', 'Dead')).toBe('violation');
  });
});

describe('the rules as a cdk-nag pack', () => {
  it('can be acknowledged on the resource, with a reason', () => {
    const build = (built: App) => {
      const queue = new Queue(new Stack(built, 'Mine'), 'Jobs');
      const reason = 'Nobody reads it; it only measures.';
      Validations.of(queue).acknowledge({ id: 'Groundplan::Groundplan-sqs-dlq-required', reason });
    };
    const { violations, acknowledged } = validationReport(build, (built) => [new GroundplanChecks(built)]);
    const names = (findings: { ruleName: string }[]) => findings.map(({ ruleName }) => ruleName).join();
    expect(names(violations)).not.toContain('sqs-dlq-required');
    expect(names(violations)).toContain('sqs-long-polling');
    expect(names(acknowledged)).toContain('sqs-dlq-required');
  });
});
