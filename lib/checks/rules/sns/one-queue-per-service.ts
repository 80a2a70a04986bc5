import { mustHold, notApplicable, type Rule } from '../../rule';

export const oneQueuePerService: Rule = {
  id: 'one-queue-per-service',
  title: 'Each queue has one function that reads it',
  why: 'Two functions that read one queue take messages from each other: each gets about half of them, and the other half is lost to it.',
  fix: 'Make an AWS::SQS::Queue for each function, and subscribe them all to one SNS topic, so that each gets every message.',
  severity: 'error',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/sns/latest/dg/sns-common-scenarios.html',
  example: {
    fixed: {
      ShipQueue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 180 } },
      ShipMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['ShipQueue', 'Arn'] }, FunctionName: { Ref: 'Ship' } },
      },
      Ship: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 30 } },
      BillQueue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 180 } },
      BillMapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['BillQueue', 'Arn'] }, FunctionName: { Ref: 'Bill' } },
      },
      Bill: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 30 } },
    },
    broken: [{ 'BillMapping.Properties.EventSourceArn': { 'Fn::GetAtt': ['ShipQueue', 'Arn'] } }],
  },
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    const mappings = inventory.referrers('AWS::Lambda::EventSourceMapping', 'EventSourceArn', queue);
    if (mappings.length === 0) return notApplicable;
    const consumers = new Set(mappings.map((each) => inventory.functionBehind(each, each.get('FunctionName'))));
    return mustHold(
      consumers.size === 1,
      `${consumers.size} functions take messages from one another; allowed: one queue for each`,
    );
  },
};
