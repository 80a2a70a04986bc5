import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { DataKey, STAGE_NAMES, stages, UploadsBucket } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { resourcesOf, testApp, validationReport } from '../../synthesize';
import { uploadsStack } from './uploads-stack-fixture';

const template = (props?: Parameters<typeof uploadsStack>[2]) =>
  Template.fromStack(uploadsStack(testApp(), 'dev', props));

describe('the bucket', () => {
  it('lets pages of the given origins in, and no others, and tells EventBridge without a function of its own', () => {
    const made = template({ allowedOrigins: ['https://app.example.com', 'http://localhost:5173'] });
    made.hasResourceProperties('AWS::S3::Bucket', {
      CorsConfiguration: {
        CorsRules: [
          {
            AllowedOrigins: ['https://app.example.com', 'http://localhost:5173'],
            AllowedMethods: ['POST', 'PUT', 'GET'],
            AllowedHeaders: ['content-type'],
            ExposedHeaders: ['ETag'],
            MaxAge: 3600,
          },
        ],
      },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    expect(Object.keys(resourcesOf(made, 'Custom::S3BucketNotifications'))).toEqual([]);
  });

  it('drops uploads that broke off after a day, and what is in quarantine after 30', () => {
    const made = template();
    made.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }),
          { ExpirationInDays: 30, Id: 'quarantine', Prefix: 'quarantine/', Status: 'Enabled' },
        ]),
      },
    });
  });

  it('opens to no signature older than 15 minutes', () => {
    template().hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Sid: 'DenyOldSignatures',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Bucket'), 'Arn'] }, '/*']] },
            Condition: { NumericGreaterThan: { 's3:signatureAge': '900000' } },
          },
        ]),
      },
    });
  });

  it('grants folders, and no more than the actions that are used', () => {
    const granted = (function_: string) => {
      const policies = Object.entries(resourcesOf(template(), 'AWS::IAM::Policy')).filter(([id]) =>
        id.startsWith(function_),
      );
      return policies.flatMap(([, { Properties }]) => {
        const { Statement } = Properties['PolicyDocument'] as { Statement: { Action: unknown; Resource: unknown }[] };
        return Statement.flatMap(({ Action, Resource }) =>
          /"s3:/.test(JSON.stringify(Action))
            ? [[[Action].flat().sort(), /"(\/[^"]*)"/.exec(JSON.stringify(Resource))?.[1]]]
            : [],
        );
      });
    };
    expect(granted('Api')).toEqual([
      [['s3:DeleteObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'], '/uploads/*'],
      [['s3:ListBucket'], undefined],
    ]);
    expect(granted('Inspect')).toEqual([
      [['s3:DeleteObject', 's3:GetObject'], '/uploads/*'],
      [['s3:PutObject'], '/quarantine/*'],
      [['s3:ListBucket'], undefined],
    ]);
  });

  it('knows its own settings', () => {
    const stack = new Stack(testApp(), 'Settings');
    const encryptionKey = new DataKey(stack, 'Key', { stage: stages.dev, description: 'Files' }).key;
    const common = { stage: stages.dev, encryptionKey, allowedOrigins: ['https://a.example.com'] };
    const made = [
      new UploadsBucket(stack, 'Default', common),
      new UploadsBucket(stack, 'Small', { ...common, urlLifetime: Duration.minutes(5), maxSize: Size.mebibytes(1) }),
      new UploadsBucket(stack, 'Large', { ...common, urlLifetime: Duration.minutes(15), maxSize: Size.gibibytes(5) }),
    ];
    expect(made.map(({ urlSeconds, maxBytes }) => [urlSeconds, maxBytes])).toEqual([
      [600, 1024 ** 3],
      [300, 1024 ** 2],
      [900, 5 * 1024 ** 3],
    ]);
  });
});

it.each([
  [
    { urlLifetime: Duration.seconds(299) },
    /urlLifetime is '299 s'; allowed: 300 s to 900 s.*s3-presign-expiry-5-15-min/,
  ],
  [{ urlLifetime: Duration.hours(1) }, /urlLifetime is '3600 s'/],
  [{ urlLifetime: Duration.millis(300_500) }, /urlLifetime is '300.5 s'.*whole seconds/],
  [{ maxSize: Size.bytes(5 * 1024 ** 3 + 1) }, /maxSize is '5368709121 bytes'; allowed: 1 to 5368709120 bytes/],
  [{ maxSize: Size.bytes(0) }, /maxSize is '0 bytes'/],
  [{ allowedOrigins: [] }, /allowedOrigins is '\[\]'/],
  [{ allowedOrigins: ['*'] }, /allowedOrigins is '\*'/],
  [{ allowedOrigins: ['https://*.example.com'] }, /allowedOrigins is/],
  [{ allowedOrigins: ['https://app.example.com/'] }, /without a path or a trailing slash/],
  [{ allowedOrigins: ['http://app.example.com'] }, /allowedOrigins is 'http:/],
])('refuses %j', (props, message) => {
  expect(() => template(props)).toThrow(message);
});

describe('the events', () => {
  it('go from the default bus to a queue of the bucket alone, and what fails is kept', () => {
    const made = template();
    const [queue, deadLetters, undelivered] = ['EventsWorkQueue', 'EventsWorkDeadLetter', 'EventsUndelivered'].map(
      (id) => Object.keys(resourcesOf(made, 'AWS::SQS::Queue')).find((each) => each.startsWith(id)),
    );
    made.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ Ref: Match.stringLikeRegexp('^Bucket') }] },
          object: { key: [{ prefix: 'uploads/' }] },
        },
      },
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [queue, 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [undelivered, 'Arn'] } },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ],
    });
    made.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] } },
      VisibilityTimeout: 180,
    });
    for (const each of [queue, undelivered]) {
      made.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: each }],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: 'sqs:SendMessage',
              Principal: { Service: 'events.amazonaws.com' },
              Condition: {
                ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^EventsRule'), 'Arn'] } },
              },
            }),
          ]),
        },
      });
    }
    made.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

it.each(STAGE_NAMES)('has no finding that is not acknowledged in %s', (stage) => {
  const report = validationReport(
    (app) => {
      uploadsStack(app, stage);
    },
    (app) => allPacks(app, { strict: stage === 'prod' }),
  );
  const found = report.violations.flatMap(({ ruleName, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
  );
  expect(found).toEqual([]);
  for (const { reason = '', ruleName } of report.acknowledged) expect(reason.length, ruleName).toBeGreaterThan(40);
});
