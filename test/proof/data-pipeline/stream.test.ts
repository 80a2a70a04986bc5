import { expect, it } from 'vitest';
import { runRulesOnTemplates, type TemplateDocument } from '../../../lib/checks';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { dataPipelineTemplate } from '../../synthesize';
import { arnOf } from '../mutation';

const MAPPING = 'AWS::Lambda::EventSourceMapping';
const DELIVERY = 'AWS::KinesisFirehose::DeliveryStream';
const staging = dataPipelineTemplate('staging').toJSON() as TemplateDocument;

it('the rules cannot tell of a stream that is in none of the templates, and leave queues alone', () => {
  const template = new MutableTemplate(staging);
  template.set(MAPPING, 'EventSourceArn', 'arn:aws:kinesis:eu-west-1:111111111111:stream/theirs');
  const verdicts = () =>
    runRulesOnTemplates({ DataPipeline: template.document }, { strict: true }).flatMap(({ id, verdict }) =>
      id === 'kinesis-poison-record' ? [verdict.kind] : [],
    );
  expect(verdicts()).toEqual(['cannot-tell']);
  template.set(MAPPING, 'EventSourceArn', 'arn:aws:sqs:eu-west-1:111111111111:theirs');
  template.drop(MAPPING, 'StartingPosition');
  expect(verdicts()).toEqual([]);
});

/** What reads the pattern's stream. */
function readersOf(template: MutableTemplate): readonly string[] {
  const stream = JSON.stringify(arnOf(template, 'AWS::Kinesis::Stream'));
  const { DeliveryStreamType, KinesisStreamSourceConfiguration } = template.properties(DELIVERY) as {
    DeliveryStreamType?: string;
    KinesisStreamSourceConfiguration?: { KinesisStreamARN?: unknown };
  };
  const isDelivered =
    DeliveryStreamType === 'KinesisStreamAsSource' &&
    JSON.stringify(KinesisStreamSourceConfiguration?.KinesisStreamARN) === stream;
  const isMapped = JSON.stringify(template.properties(MAPPING)['EventSourceArn']) === stream;
  return [...(isDelivered ? ['Firehose'] : []), ...(isMapped ? ['the aggregator'] : [])];
}

it('Firehose and the aggregator read one stream', () => {
  const template = new MutableTemplate(staging);
  expect(readersOf(template)).toEqual(['Firehose', 'the aggregator']);
  template.set(DELIVERY, 'DeliveryStreamType', 'DirectPut');
  template.drop(DELIVERY, 'KinesisStreamSourceConfiguration');
  expect(readersOf(template)).toEqual(['the aggregator']);
});
