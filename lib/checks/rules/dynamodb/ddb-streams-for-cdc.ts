import { notApplicable, type Rule, verdict } from '../../rule';
import { unboundedRetries } from '../../stream-retries';

/** Change capture comes from Streams, not from dual writes. */
export const ddbStreamsForCdc: Rule = {
  id: 'ddb-streams-for-cdc',
  types: ['AWS::Lambda::EventSourceMapping', 'AWS::Pipes::Pipe'],
  check: (reader, inventory) => {
    const pipe = reader.type === 'AWS::Pipes::Pipe';
    const source = inventory.mustFind(reader, reader.get(pipe ? 'Source' : 'EventSourceArn'), 'the stream');
    if (!source.type.startsWith('AWS::DynamoDB::')) return notApplicable;
    const parameters = pipe ? 'SourceParameters.DynamoDBStreamParameters.' : '';
    const bisect = pipe
      ? reader.literal(`${parameters}OnPartialBatchItemFailure`) === 'AUTOMATIC_BISECT'
      : reader.flag('BisectBatchOnFunctionError') === true;
    return verdict([
      !reader.has(pipe ? `${parameters}DeadLetterConfig.Arn` : 'DestinationConfig.OnFailure.Destination') &&
        'records that fail are lost: no failure destination',
      unboundedRetries(reader.number(`${parameters}MaximumRetryAttempts`)),
      !bisect && 'a failing batch is not bisected, so good records fail with the bad one',
    ]);
  },
};
