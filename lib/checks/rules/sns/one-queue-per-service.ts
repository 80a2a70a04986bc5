import { mustHold, notApplicable, type Rule } from '../../rule';

/** Each microservice reads from its own queue. */
export const oneQueuePerService: Rule = {
  id: 'one-queue-per-service',
  types: ['AWS::SQS::Queue'],
  check: (queue, inventory) => {
    const mappings = inventory
      .ofType('AWS::Lambda::EventSourceMapping')
      .filter((each) => inventory.names(each, each.get('EventSourceArn'), queue));
    if (mappings.length === 0) return notApplicable;
    const consumers = new Set(mappings.map((each) => inventory.functionBehind(each, each.get('FunctionName'))));
    return mustHold(
      consumers.size === 1,
      `${consumers.size} functions take messages from one another; allowed: one queue for each`,
    );
  },
};
