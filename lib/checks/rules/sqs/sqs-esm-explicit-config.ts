import { notApplicable, type Rule, verdict } from '../../rule';

export const sqsEsmExplicitConfig: Rule = {
  id: 'sqs-esm-explicit-config',
  title: 'The mapping of a queue states batch size, batching window and most concurrent executions',
  why: "The defaults are 10 messages at a time, no waiting, and up to 1,250 copies of the function at once: enough to use up the account's executions and the database behind it.",
  fix: 'Set BatchSize, MaximumBatchingWindowInSeconds and ScalingConfig.MaximumConcurrency. A FIFO queue takes batches of at most 10, and no window.',
  severity: 'advice',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  example: {
    fixed: {
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FunctionName: { Ref: 'Function' },
          BatchSize: 10,
          MaximumBatchingWindowInSeconds: 0,
          ScalingConfig: { MaximumConcurrency: 10 },
        },
      },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 180 } },
      FifoMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['FifoQueue', 'Arn'] },
          FunctionName: { Ref: 'Function' },
          BatchSize: 10,
          ScalingConfig: { MaximumConcurrency: 10 },
        },
      },
      FifoQueue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    },
    broken: [
      { 'Mapping.Properties.BatchSize': null },
      { 'Mapping.Properties.MaximumBatchingWindowInSeconds': null },
      { 'Mapping.Properties.ScalingConfig': null },
      { 'FifoMapping.Properties.BatchSize': 11 },
    ],
  },
  types: ['AWS::Lambda::EventSourceMapping'],
  check: (mapping, inventory) => {
    const queue = inventory.mustFind(mapping, mapping.get('EventSourceArn'), 'the event source');
    if (queue.type !== 'AWS::SQS::Queue') return notApplicable;
    const batch = mapping.number('BatchSize');
    const fifo = queue.flag('FifoQueue') === true;
    return verdict([
      batch === undefined && 'BatchSize is not set',
      // FIFO queues have no batching window (AWS Lambda: SQS event source mappings).
      !fifo && !mapping.has('MaximumBatchingWindowInSeconds') && 'MaximumBatchingWindowInSeconds is not set',
      !mapping.has('ScalingConfig.MaximumConcurrency') && 'ScalingConfig.MaximumConcurrency is not set',
      fifo && (batch ?? 10) > 10 && `BatchSize is ${batch}; allowed: at most 10 for FIFO`,
    ]);
  },
};
