import { textOf } from '../../../template/literal-text';
import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { permits } from '../../policy-holder';
import { mustHold, notApplicable, type Rule, verdict } from '../../rule';

const SENDS = ['sns:Publish', 'events:PutEvents'];
const STREAMS = ['DynamoDBStreamParameters', 'KinesisStreamParameters'];
const NO_STREAM = /^AWS::(SQS|MSK|AmazonMQ)::|^arn:[^:]*:(sqs|kafka|mq):|^smk:/;

/** Whether a pipe reads a stream: it alone has a DeadLetterConfig, and a queue one of its own (AWS: Pipes, source parameters). */
function readsAStream(pipe: TemplateResource, inventory: Inventory): boolean {
  const names = Object.keys(pipe.literal('SourceParameters') ?? {}).filter((name) => name !== 'FilterCriteria');
  if (names.length > 0) return names.some((name) => STREAMS.includes(name));
  const source = pipe.get('Source');
  return !NO_STREAM.test(inventory.referent(pipe, source)?.type ?? textOf(source));
}

export const ebPipesNoGlue: Rule = {
  id: 'eb-pipes-no-glue',
  title: 'A pipe carries a stream to a topic or bus, filters it, and keeps what it cannot deliver',
  why: 'A function that only passes records on is code to keep and to pay for. A pipe without a filter bills every record, and one that reads a stream without a dead-letter queue loses what it could not deliver.',
  fix: 'Replace the function by an AWS::Pipes::Pipe with FilterCriteria, and set DeadLetterConfig in DynamoDBStreamParameters or KinesisStreamParameters.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html',
  example: {
    fixed: {
      Changes: {
        Type: 'AWS::Pipes::Pipe',
        Properties: {
          Source: { 'Fn::GetAtt': ['Orders', 'StreamArn'] },
          Target: { Ref: 'Topic' },
          SourceParameters: {
            FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
            DynamoDBStreamParameters: {
              StartingPosition: 'TRIM_HORIZON',
              DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Failed', 'Arn'] } },
            },
          },
        },
      },
      Jobs: {
        Type: 'AWS::Pipes::Pipe',
        Properties: {
          Source: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          Target: { Ref: 'Topic' },
          SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] } },
        },
      },
      Orders: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } },
      },
      Queue: { Type: 'AWS::SQS::Queue' },
      Topic: { Type: 'AWS::SNS::Topic' },
      Failed: { Type: 'AWS::SQS::Queue' },
    },
    broken: [
      { 'Changes.Properties.SourceParameters': null },
      { 'Changes.Properties.SourceParameters.FilterCriteria': null },
      { 'Changes.Properties.SourceParameters.DynamoDBStreamParameters.DeadLetterConfig': null },
      { 'Jobs.Properties.SourceParameters': null },
      {
        Changes: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            EventSourceArn: { 'Fn::GetAtt': ['Orders', 'StreamArn'] },
            FunctionName: { Ref: 'Glue' },
          },
        },
        Glue: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['GlueRole', 'Arn'] } } },
        GlueRole: {
          Type: 'AWS::IAM::Role',
          Properties: {
            Policies: [
              {
                PolicyName: 'publish',
                PolicyDocument: {
                  Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: { Ref: 'Topic' } }],
                },
              },
            ],
          },
        },
      },
    ],
  },
  types: ['AWS::Pipes::Pipe', 'AWS::Lambda::EventSourceMapping'],
  check: (reader, inventory) => {
    if (reader.type === 'AWS::Pipes::Pipe') {
      return verdict([
        !reader.has('SourceParameters.FilterCriteria') && 'the pipe has no FilterCriteria',
        readsAStream(reader, inventory) &&
          !JSON.stringify(reader.get('SourceParameters') ?? {}).includes('DeadLetterConfig') &&
          'the pipe has no DeadLetterConfig',
      ]);
    }
    const source = inventory.mustFind(reader, reader.get('EventSourceArn'), 'the event source');
    if (!source.type.startsWith('AWS::DynamoDB::')) return notApplicable;
    const fn = inventory.functionBehind(reader, reader.get('FunctionName'));
    const targets = inventory
      .statementsOf(inventory.roleOf(fn))
      .filter((statement) => SENDS.some((action) => permits(statement, action)))
      .flatMap(({ resources }) => resources.map((resource) => inventory.referent(fn, resource)));
    // AWS's list of Pipes targets has no FIFO topic: there a function is what is left.
    const glue = targets.some((target) => target !== undefined && target.flag('FifoTopic') !== true);
    return mustHold(!glue, 'a function carries a stream to a topic or bus; allowed: a pipe');
  },
};
