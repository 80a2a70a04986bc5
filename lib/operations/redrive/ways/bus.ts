import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Message } from '@aws-sdk/client-sqs';
import { CommandError } from '../../terminal';
import { objectOf } from '../letters';
import type { Road, Way } from './way';

/** An event that the bus could not process reached no rule, and is put on it again: it gets a new id, and its own time. */
export function toBus({ clients: { eventBridge } }: Road, busName: string, { Body }: Message): Way {
  const event = objectOf(Body);
  const { source, 'detail-type': detailType, detail, time, resources } = event;
  if (typeof source !== 'string' || typeof detailType !== 'string' || detail === undefined) {
    return {
      stays: 'it is not an event with a source, a detail-type and a detail',
      fix: `send the event that it describes to the bus again: aws events put-events --entries '[{"EventBusName":"${busName}","Source":"...","DetailType":"...","Detail":"..."}]'`,
    };
  }
  return {
    goes: `to the event bus ${busName}, as ${detailType}`,
    send: async () => {
      const { Entries = [] } = await eventBridge.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: busName,
              Source: source,
              DetailType: detailType,
              Detail: JSON.stringify(detail),
              Time: typeof time === 'string' ? new Date(time) : undefined,
              Resources: Array.isArray(resources) ? resources.map(String) : undefined,
            },
          ],
        }),
      );
      // A refused entry is no error of the call (docs.aws.amazon.com/eventbridge: API_PutEvents).
      const { ErrorCode, ErrorMessage } = Entries[0] ?? {};
      if (ErrorCode !== undefined) throw new CommandError(`${ErrorCode}: ${ErrorMessage}`);
    },
  };
}
