import { notApplicable, type Rule, verdict } from '../../rule';

/** Without `maxReceiveCount` a failing SQS-triggered function retries forever. */
export const lambdaSqsMaxReceiveCount: Rule = {
  id: 'lambda-sqs-max-receive-count',
  types: ['AWS::Lambda::EventSourceMapping'],
  check: (mapping, inventory) => {
    const queue = inventory.mustFind(mapping, mapping.get('EventSourceArn'), 'the event source');
    if (queue.type !== 'AWS::SQS::Queue') return notApplicable;
    const count = queue.number('RedrivePolicy.maxReceiveCount');
    const dead = inventory.referent(queue, queue.get('RedrivePolicy.deadLetterTargetArn'));
    const consumed = inventory
      .ofType('AWS::Lambda::EventSourceMapping')
      .some((each) => dead !== undefined && inventory.names(each, each.get('EventSourceArn'), dead));
    return verdict([
      (count === undefined || count < 3 || count > 10) && `maxReceiveCount is ${count ?? 'not set'}; allowed: 3 to 10`,
      consumed && 'a function consumes the dead-letter queue, so nothing stays there to be looked at',
    ]);
  },
};
