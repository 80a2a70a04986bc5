import { limitTable } from './limit';

const FILTERING = 'docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html';

/** What Lambda refuses of the filters of an event source mapping. */
export const EVENT_FILTER_LIMITS = limitTable('Lambda event filters', {
  filters: {
    operation: 'CreateEventSourceMapping',
    limit: 'Filters, as long as AWS has not raised the quota',
    max: 5,
    error: 'InvalidParameterValueException',
    source: FILTERING,
  },
  filterPattern: {
    operation: 'CreateEventSourceMapping',
    limit: 'Pattern of a filter, characters',
    min: 1,
    max: 4096,
    error: 'InvalidParameterValueException',
    source: 'docs.aws.amazon.com/lambda/latest/api/API_Filter.html',
  },
  filterOperator: {
    operation: 'CreateEventSourceMapping',
    limit:
      'A filter that is no pattern, or an operator that filters do not have: wildcard, cidr, or anything-but with an operator',
    error: 'InvalidParameterValueException',
    source: 'docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax',
  },
});
