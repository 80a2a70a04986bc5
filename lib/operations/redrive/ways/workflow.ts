import { ExecutionAlreadyExists, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Road, Way } from './way';

/**
 * A workflow that EventBridge could not start is started with what the rule would have handed it. The execution's name comes
 * from the event, so that the same letter starts it once, however often it is sent; a name is taken for 90 days
 * (docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
 */
export function toWorkflow({ clients: { stepFunctions } }: Road, arn: string, name: string, input: string): Way {
  return {
    goes: `to the workflow ${arn.split(':').pop()}, as the execution ${name}`,
    send: async () => {
      try {
        await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: arn, name, input }));
      } catch (error) {
        // It was sent before, and only its letter stayed.
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
  };
}
