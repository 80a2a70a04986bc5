import { permits } from '../../policy-holder';
import { mustHold, notApplicable, type Rule, verdict } from '../../rule';

const SENDS = ['sns:Publish', 'events:PutEvents'];

/** Pipes join stream/queue sources to targets with no glue Lambda. */
export const ebPipesNoGlue: Rule = {
  id: 'eb-pipes-no-glue',
  types: ['AWS::Pipes::Pipe', 'AWS::Lambda::EventSourceMapping'],
  check: (reader, inventory) => {
    if (reader.type === 'AWS::Pipes::Pipe') {
      return verdict([
        !reader.has('SourceParameters.FilterCriteria') && 'the pipe has no FilterCriteria',
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
