// @project synthesis

import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { Alarms, AlarmTopic, DataKey, HandlerCode, HandlerFunction, type StageName, stages } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { DocumentLibrary, type DocumentLibraryProps } from '../../../patterns/genai-rag/document-library';
import { ALARM_EMAIL, resourcesOf, testApp, validationReport } from '../../synthesize';

const KNOWLEDGE_BASE = 'arn:aws:bedrock:eu-west-1:111111111111:knowledge-base/KB00000001';

/** A library before a knowledge base that is there. */
function libraryStack(stageName: StageName, props: Partial<DocumentLibraryProps> = {}, app = testApp()): Stack {
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-west-1' } });
  const stage = stages[stageName];
  const encryptionKey = new DataKey(stack, 'Key', { stage, description: 'Documents' }).key;
  const common = { stage, encryptionKey };
  const { topic } = new AlarmTopic(stack, 'AlarmTopic', { ...common, email: ALARM_EMAIL });
  const alarms = new Alarms(stack, 'Alarms', { stage, topic });
  const bucket = Bucket.fromBucketName(stack, 'ByName', 'documents');
  const library = new DocumentLibrary(stack, 'Library', {
    ...common,
    alarms,
    allowedOrigins: ['https://ask.example.com'],
    knowledgeBase: {
      knowledgeBaseId: 'KB00000001',
      knowledgeBaseArn: KNOWLEDGE_BASE,
      grantRetrieve: (grantee) => Grant.drop(grantee, 'not asked for passages'),
      grantSync: (grantee) => {
        const actions = ['bedrock:GetIngestionJob', 'bedrock:GetKnowledgeBaseDocuments', 'bedrock:StartIngestionJob'];
        return Grant.addToPrincipal({ grantee, actions, resourceArns: [KNOWLEDGE_BASE] });
      },
    },
    dataSource: { dataSourceId: 'DS00000001', bucket },
    ...props,
  });
  const api = new HandlerFunction(stack, 'Api', {
    ...common,
    code: HandlerCode.prebuilt('genai-rag', 'documents'),
    serviceName: 'documents',
    timeout: Duration.seconds(28),
    environment: library.environment,
  });
  library.grantLibrary(api.function);
  alarms.watchFunction('Api', api.function);
  alarms.watchErrorLines('Api', api.logGroup, 'Api');
  alarms.watchAccountConcurrency(stage.accountConcurrency);
  return stack;
}

const dev = Template.fromStack(libraryStack('dev'));
const prod = Template.fromStack(libraryStack('prod'));

/** What a function's role may do to what, without its own log, traces and key. */
function grantsOf(template: Template, role: string): Record<string, string[]> {
  const [, policy] =
    Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).find(([id]) => id.startsWith(role)) ?? [];
  const { Statement } = (policy?.Properties['PolicyDocument'] ?? { Statement: [] }) as {
    Statement: { Action: string | string[]; Resource: unknown }[];
  };
  const granted: Record<string, string[]> = {};
  for (const { Action, Resource } of Statement) {
    const actions = [Action].flat().filter((action) => !/^(kms|logs|xray|sqs):/.test(action));
    const name = JSON.stringify(Resource).replaceAll(/[A-Z0-9]{8}"/g, '"');
    const [, end = ''] = /"(\/[^"]*)"\]/.exec(name) ?? [];
    const target = /^"arn/.test(name) ? 'knowledge base' : `${/LibraryTable/.test(name) ? 'table' : 'bucket'}${end}`;
    if (actions.length > 0) granted[target] = [...(granted[target] ?? []), ...actions].sort();
  }
  return granted;
}

describe('grants', () => {
  it('are exactly what each function calls', () => {
    expect(grantsOf(dev, 'Api')).toEqual({
      table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      'table/index/by-age': ['dynamodb:Query'],
      'bucket/uploads/*': ['s3:DeleteObject', 's3:PutObject'],
      'bucket/documents/*': ['s3:DeleteObject', 's3:GetObject'],
    });
    expect(grantsOf(dev, 'LibraryInspector')).toEqual({
      table: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      'bucket/uploads/*': ['s3:DeleteObject', 's3:GetObject'],
      'bucket/quarantine/*': ['s3:PutObject'],
      'bucket/documents/*': ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      bucket: ['s3:ListBucket'],
    });
    expect(grantsOf(dev, 'LibrarySync')).toEqual({
      table: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      'bucket/documents/*': ['s3:DeleteObject'],
      'knowledge base': ['bedrock:GetIngestionJob', 'bedrock:GetKnowledgeBaseDocuments', 'bedrock:StartIngestionJob'],
    });
  });
});

describe('the way of a document', () => {
  it('is told of by events of the folders that matter', () => {
    for (const [type, ...folders] of [
      ['Object Created', 'uploads/', 'documents/'],
      ['Object Deleted', 'documents/'],
    ]) {
      dev.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          source: ['aws.s3'],
          'detail-type': [type],
          detail: {
            bucket: { name: [{ Ref: Match.stringLikeRegexp('^LibraryDocuments') }] },
            object: { key: folders.map((prefix) => ({ prefix })) },
          },
        },
      });
    }
    dev.resourceCountIs('AWS::Events::Rule', 2);
  });

  it('ends with a run each minute, one at a time where the account has room', () => {
    dev.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
    });
    prod.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
    prod.hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 50,
      ReservedConcurrentExecutions: 1,
      Environment: {
        Variables: Match.objectLike({
          KNOWLEDGE_BASE_ID: 'KB00000001',
          DATA_SOURCE_ID: 'DS00000001',
          POWERTOOLS_SERVICE_NAME: 'sync-knowledge-base',
        }),
      },
    });
  });

  it('has a table that lists by age', () => {
    dev.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        Match.objectLike({
          IndexName: 'by-age',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'createdAt', KeyType: 'RANGE' },
          ],
        }),
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('tells the function of the API what it needs', () => {
    const functions = Object.values(resourcesOf(dev, 'AWS::Lambda::Function'));
    const variables = functions
      .map(
        ({ Properties }) =>
          (Properties['Environment'] as { Variables: Record<string, unknown> } | undefined)?.Variables,
      )
      .find((each) => each?.['POWERTOOLS_SERVICE_NAME'] === 'documents');
    expect(variables).toMatchObject({
      DOCUMENTS_MAX_BYTES: '52428800',
      URL_SECONDS: '600',
      DOCUMENTS_TABLE: { Ref: expect.stringMatching(/^LibraryTable/) },
      DOCUMENTS_BUCKET: { Ref: expect.stringMatching(/^LibraryDocuments/) },
    });
  });
});

it('watches what may go wrong, and more of it where alarms are full', () => {
  const names = (template: Template) =>
    Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm'))
      .map((id) => id.replace(/^Alarms/, '').replace(/[A-F0-9]{8}$/, ''))
      .filter((name) => !/^(Api|AccountConcurrency)/.test(name))
      .sort();
  expect(names(dev)).toEqual([
    'DocumentEventsDeadLetters',
    'IngestionJobsFailed',
    'InspectionDeadLetters',
    'InspectionQueueAge',
    'InspectionThrottles',
    'OldestChange',
    'SynchronizationDeadLetters',
    'SynchronizationThrottles',
  ]);
  expect(names(prod).filter((name) => !names(dev).includes(name))).toEqual([
    'DeletedDocumentEventsFailedInvocations',
    'DeletedDocumentEventsInvocationsSentToDlq',
    'DocumentEventsFailedInvocations',
    'DocumentEventsInvocationsSentToDlq',
    'DocumentsFailed',
    'DocumentsReadThrottleEvents',
    'DocumentsWriteThrottleEvents',
    'InspectionLogErrors',
    'Quarantined',
    'SynchronizationLogErrors',
  ]);
  prod.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'OldestChangeSeconds',
    Namespace: 'Groundplan',
    Dimensions: [
      { Name: 'service', Value: 'sync-knowledge-base' },
      { Name: 'stack', Value: 'Stack' },
    ],
    Statistic: 'Maximum',
    Threshold: 1800,
  });
});

it('uses a bucket of yours, and says what it must do', () => {
  const app = testApp();
  const yours = (stack: Stack): IBucket => Bucket.fromBucketName(stack, 'Yours', 'their-documents');
  const outer = new Stack(app, 'Outer', { env: { account: '111111111111', region: 'eu-west-1' } });
  const made = Template.fromStack(libraryStack('dev', { existing: yours(outer), bucketName: 'of-no-matter' }, app));
  made.resourceCountIs('AWS::S3::Bucket', 0);
  const policies = JSON.stringify(resourcesOf(made, 'AWS::IAM::Policy'));
  expect(policies).toContain('their-documents/documents/*');
  expect(policies).not.toContain('of-no-matter');
});

it.each([
  [{ maxSize: Size.mebibytes(51) }, /maxSize is '53477376 bytes'; allowed: 1 to 52428800 bytes \(50 MiB\)/],
  [{ maxSize: Size.bytes(0) }, /maxSize is '0 bytes'/],
  [{ urlLifetime: Duration.minutes(16) }, /urlLifetime is '960 s'/],
  [{ allowedOrigins: ['*'] }, /allowedOrigins is '\*'/],
])('refuses %j', (props, message) => {
  expect(() => libraryStack('dev', props)).toThrow(message);
});

it('has no finding that is not acknowledged in prod', () => {
  const report = validationReport(
    (app) => {
      libraryStack('prod', {}, app);
    },
    (app) => allPacks(app, { strict: true }),
  );
  const found = report.violations.flatMap(({ ruleName, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => `${ruleName} ${constructPath}`),
  );
  expect(found).toEqual([]);
});
