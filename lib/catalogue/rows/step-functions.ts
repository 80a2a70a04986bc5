import type { CatalogueRow } from '../catalogue-row';

/** Step Functions (guide 79-87). */
export const stepFunctionsRows = [
  {
    id: 'sfn-not-lambda-chains',
    guideLines: ['80', '87'],
    tier: 2,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['construct default'],
    claim: 'A Lambda that calls other Lambdas in sequence with its own retry/state logic should be a state machine.',
    condition:
      'no function role holds `lambda:InvokeFunction` on another function of the App; multi-step flow is `AWS::StepFunctions::StateMachine`',
  },
  {
    id: 'sfn-type-fits-duration',
    guideLines: ['82', '83'],
    tier: 2,
    derived: false,
    patterns: ['event-driven', 'data-pipeline'],
    mechanisms: ['refused at synth'],
    claim: 'Standard runs up to a year exactly-once; Express ends at 5 minutes and is at-least-once.',
    condition:
      '`StateMachineType == "EXPRESS"` => `TimeoutSeconds <= 300`, no `.waitForTaskToken`/`.sync`, no `Wait` > 300 s; money/order flows => `STANDARD`',
  },
  {
    id: 'sfn-express-idempotent-tasks',
    guideLines: ['83'],
    tier: 3,
    derived: false,
    patterns: ['event-driven', 'data-pipeline'],
    mechanisms: ['handler'],
    claim: 'Tasks run from an Express workflow can run twice and must be idempotent.',
    condition: 'handler test: same task token/input twice => one side effect',
  },
  {
    id: 'sfn-direct-integrations',
    guideLines: ['84'],
    tier: 2,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: ['construct default'],
    claim: 'Call AWS services straight from the state machine instead of through glue Lambdas.',
    condition:
      '`DefinitionString` Task `Resource` uses `arn:aws:states:::<service>` for DynamoDB/SQS/SNS/EventBridge; no Lambda whose only job is one SDK call',
  },
  {
    id: 'sfn-retry-catch-declared',
    guideLines: ['87'],
    tier: 2,
    derived: false,
    patterns: ['event-driven'],
    mechanisms: [],
    claim: 'Retries and error paths live in the state machine, declared per task.',
    condition:
      'every `Task` state in `DefinitionString` has `Retry` and `Catch`; alarm on `AWS/States ExecutionsFailed`/`ExecutionsTimedOut` > 0',
  },
] as const satisfies readonly CatalogueRow[];
