import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { PipelineEnvironment } from '../contract';

const FUNCTION = 'AWS::Lambda::Function';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const READER = 'AWS::Kinesis::StreamConsumer';
const TABLE = 'AWS::DynamoDB::Table';

/**
 * Gives the pipeline further consumers of its stream, as `addConsumer` does: each with enhanced fan-out, a function like the
 * aggregator, and a table of its own to count into.
 */
export function addConsumers(template: MutableTemplate, names: readonly string[]): void {
  const stream = { 'Fn::GetAtt': [template.id('AWS::Kinesis::Stream'), 'Arn'] };
  const [fn, mapping, table] = [
    structuredClone(template.properties(FUNCTION, 'Aggregator')),
    structuredClone(template.properties(MAPPING, 'Aggregation')),
    structuredClone(template.properties(TABLE, 'Aggregates')),
  ];
  const { Variables } = fn['Environment'] as { Variables: Record<string, unknown> };
  for (const name of names) {
    const own = {
      POWERTOOLS_SERVICE_NAME: name.toLowerCase(),
      [PipelineEnvironment.aggregatesTable]: { Ref: `${name}Totals` },
      [PipelineEnvironment.alertRules]: '[]',
    };
    template.add(`${name}Totals`, TABLE, table);
    template.add(`${name}Function`, FUNCTION, { ...fn, Environment: { Variables: { ...Variables, ...own } } });
    template.add(`${name}Reader`, READER, { StreamARN: stream, ConsumerName: name });
    template.add(`${name}Mapping`, MAPPING, {
      ...mapping,
      FunctionName: { Ref: `${name}Function` },
      EventSourceArn: { 'Fn::GetAtt': [`${name}Reader`, 'ConsumerARN'] },
    });
  }
}
