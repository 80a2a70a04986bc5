import { s3EventDrivenIngest } from '../../../../../lib/checks/rules/s3/s3-event-driven-ingest';
import { att, cases, join, type Literal, type Literals, PARAMETER, ref } from '../../literal-fixture';

const BUCKET = 'AWS::S3::Bucket';
const CONFIGURATION = 'Bucket.NotificationConfiguration';
const QUEUE: Literal = ['AWS::SQS::Queue', { RedrivePolicy: {} }];
const FN: Literal = ['AWS::Lambda::Function', {}];
const feeds: Literals = {
  Bucket: [BUCKET, {}],
  Source: ['AWS::Bedrock::DataSource', { DataSourceConfiguration: { S3Configuration: { BucketArn: att('Bucket') } } }],
};
const unheard = 'it feeds a knowledge base, and no consumer receives its events; allowed: EventBridge or a queue';
const noDead = 'Jobs has no dead-letter queue for objects that cannot be ingested; allowed: RedrivePolicy';
const gone = 'events go straight to Fn, and are gone when it fails; allowed: a queue, or a failure destination';
const named = (BucketName: unknown, BucketArn: unknown) => ({
  'Bucket.BucketName': BucketName,
  'Source.DataSourceConfiguration.S3Configuration.BucketArn': BucketArn,
});

cases(s3EventDrivenIngest, feeds, [
  ['violation', 'nobody hears of its objects', {}, unheard],
  ['not-applicable', 'it feeds nothing', { Source: undefined }],
  ['not-applicable', 'another feeds it', named('mine', 'arn:aws:s3:::theirs')],
  ['violation', 'it is fed by name', named('mine', 'arn:aws:s3:::mine'), unheard],
  [
    'violation',
    'both are made of the same parts',
    named(join('docs-', PARAMETER), join('arn:aws:s3:::docs-', PARAMETER)),
    unheard,
  ],
  ['not-applicable', 'a parameter is all that is known', named(PARAMETER, join('arn:aws:s3:::', PARAMETER))],
  ['compliant', 'a topic hears', { [CONFIGURATION]: { TopicConfigurations: [{ Topic: ref('Topic') }] } }],
  ['compliant', 'a queue hears', { [CONFIGURATION]: { QueueConfigurations: [{ Queue: att('Jobs') }] }, Jobs: QUEUE }],
]);

const heard: Literals = {
  Bucket: [BUCKET, { NotificationConfiguration: { QueueConfigurations: [{ Queue: att('Jobs') }] } }],
  Jobs: QUEUE,
};
const lambdas = (kind = 'LambdaConfigurations', name = 'Function', of: unknown = att('Fn')) => ({
  [CONFIGURATION]: { [kind]: [{ [name]: of }] },
  Fn: FN,
});
const config = { FunctionName: ref('Fn'), DestinationConfig: { OnFailure: { Destination: 'arn' } } };
cases(s3EventDrivenIngest, heard, [
  ['compliant', 'a queue hears of its objects'],
  ['violation', 'the queue loses what fails', { Jobs: ['AWS::SQS::Queue', {}] }, noDead],
  ['violation', 'a function hears', lambdas(), gone],
  ['compliant', 'its failures are kept', { ...lambdas(), Config: ['AWS::Lambda::EventInvokeConfig', config] }],
  [
    'violation',
    'those of another are',
    { ...lambdas(), Config: ['AWS::Lambda::EventInvokeConfig', { ...config, FunctionName: 'other' }] },
    gone,
  ],
  [
    'violation',
    'nothing says where',
    { ...lambdas(), Config: ['AWS::Lambda::EventInvokeConfig', { FunctionName: ref('Fn') }] },
    gone,
  ],
  [
    'compliant',
    'it has a dead-letter queue',
    { ...lambdas(), Fn: ['AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: 'arn' } }] },
  ],
  [
    'violation',
    'its alias hears',
    {
      ...lambdas('LambdaConfigurations', 'Function', ref('Alias')),
      Alias: ['AWS::Lambda::Alias', { FunctionName: ref('Fn') }],
    },
    gone,
  ],
  [
    'compliant',
    'a topic hears',
    { [CONFIGURATION]: { QueueConfigurations: [{ Queue: ref('Topic') }] }, Topic: ['AWS::SNS::Topic', {}] },
  ],
  ['compliant', 'a queue of elsewhere hears', { [CONFIGURATION]: { QueueConfigurations: [{ Queue: 'arn' }] } }],
  ['not-applicable', 'nobody hears', { [CONFIGURATION]: {} }],
  ['cannot-tell', 'a parameter says it', { [CONFIGURATION]: PARAMETER }],
]);

const custom = (value: object): Literals => ({
  Bucket: [BUCKET, {}],
  Told: ['Custom::S3BucketNotifications', { BucketName: ref('Bucket'), NotificationConfiguration: value }],
  Jobs: ['AWS::SQS::Queue', {}],
  Fn: FN,
});
cases(s3EventDrivenIngest, custom({ QueueConfigurations: [{ QueueArn: att('Jobs') }] }), [
  ['violation', 'CDK tells a queue', {}, noDead],
  [
    'violation',
    'CDK tells a function',
    custom({ LambdaFunctionConfigurations: [{ LambdaFunctionArn: att('Fn') }] }),
    gone,
  ],
  ['compliant', 'CDK tells a topic', custom({ TopicConfigurations: [{ TopicArn: 'arn' }] })],
  ['not-applicable', 'CDK tells of another', { 'Told.BucketName': 'other' }],
]);

const bus = (EventPattern: object): Literals => ({
  Bucket: [BUCKET, { NotificationConfiguration: { EventBridgeConfiguration: {} } }],
  Rule: ['AWS::Events::Rule', { EventPattern, Targets: [{ Arn: 'arn' }, { Arn: att('Jobs') }] }],
  Jobs: ['AWS::SQS::Queue', {}],
});
const mine = { source: ['aws.s3'], detail: { bucket: { name: [ref('Bucket')] } } };
cases(s3EventDrivenIngest, bus(mine), [
  ['violation', 'a rule tells a queue', {}, noDead],
  ['violation', 'a rule of all buckets does', bus({ source: ['aws.s3'] }), noDead],
  ['compliant', 'the queue keeps what fails', { Jobs: QUEUE }],
  ['not-applicable', 'the rule is of another bucket', bus({ ...mine, detail: { bucket: { name: ['other'] } } })],
  ['not-applicable', 'the rule is of another service', bus({ source: ['aws.ec2'] })],
  ['not-applicable', 'the rule waits for a time', { 'Rule.EventPattern': undefined }],
  ['not-applicable', 'the bus hears nothing', { [CONFIGURATION]: undefined }],
]);
