import { limitTable } from './limit';

const QUOTAS = 'docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html';
const START = 'docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html';
const CREATE = 'docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html';
const ERRORS = 'docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html';
const VARIABLES = 'docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html';
const WAIT = 'docs.aws.amazon.com/step-functions/latest/dg/state-wait.html';

const MAX_PAYLOAD_BYTES = 262_144;
const MAX_NAME = 80;

/** What Step Functions refuses. */
export const STEP_FUNCTIONS_LIMITS = limitTable('Step Functions', {
  executionName: {
    operation: 'StartExecution',
    limit: 'Name, characters',
    min: 1,
    max: MAX_NAME,
    error: 'InvalidName',
    source: START,
  },
  executionNameCharacters: {
    operation: 'StartExecution',
    limit: 'Name: white space, < > { } [ ] ? * " # % \\ ^ | ~ ` $ & , ; : / or control characters',
    error: 'InvalidName',
    source: START,
  },
  executionInput: {
    operation: 'StartExecution',
    limit: 'Input, bytes as UTF-8',
    max: MAX_PAYLOAD_BYTES,
    error: 'InvalidExecutionInput',
    source: QUOTAS,
  },
  payload: {
    operation: 'Execution',
    limit: 'Arguments, result or output of a state, bytes as UTF-8',
    max: MAX_PAYLOAD_BYTES,
    error: 'States.DataLimitExceeded',
    source: QUOTAS,
  },
  variables: {
    operation: 'Execution',
    limit: 'Values of one Assign, bytes as UTF-8',
    max: MAX_PAYLOAD_BYTES,
    error: 'States.DataLimitExceeded',
    source: VARIABLES,
  },
  storedVariables: {
    operation: 'Execution',
    limit: 'All variables of an execution, bytes as UTF-8',
    max: 10 * 1024 * 1024,
    error: 'States.DataLimitExceeded',
    source: VARIABLES,
  },
  history: {
    operation: 'Execution',
    limit: 'Events of the history (no Retry or Catch takes the error)',
    max: 25_000,
    error: 'States.Runtime',
    source: QUOTAS,
  },
  executionTime: {
    operation: 'Execution',
    limit: 'Run time of a Standard workflow, seconds; TimeoutSeconds may ask for less',
    max: 31_536_000,
    error: 'States.Timeout',
    source: QUOTAS,
  },
  definitionSize: {
    operation: 'CreateStateMachine',
    limit: 'Definition, bytes as UTF-8',
    max: 1_048_576,
    error: 'InvalidDefinition',
    source: CREATE,
  },
  stateName: {
    operation: 'CreateStateMachine',
    limit: 'State name, characters',
    min: 1,
    max: MAX_NAME,
    error: 'InvalidDefinition',
    source: 'docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  },
  variableName: {
    operation: 'CreateStateMachine',
    limit: 'Variable name, characters',
    min: 1,
    max: MAX_NAME,
    error: 'InvalidDefinition',
    source: VARIABLES,
  },
  timeoutSeconds: {
    operation: 'CreateStateMachine',
    limit: 'TimeoutSeconds',
    min: 1,
    max: 99_999_999,
    error: 'InvalidDefinition',
    source: 'docs.aws.amazon.com/step-functions/latest/dg/state-task.html',
  },
  waitSeconds: {
    operation: 'CreateStateMachine',
    limit: 'Seconds of a Wait state',
    min: 0,
    max: 99_999_999,
    error: 'InvalidDefinition',
    source: WAIT,
  },
  evaluatedWaitSeconds: {
    operation: 'Execution',
    limit: 'Seconds of a Wait state, as an expression gives them',
    min: 0,
    max: 99_999_999,
    error: 'States.QueryEvaluationError',
    source: WAIT,
  },
  intervalSeconds: {
    operation: 'CreateStateMachine',
    limit: 'IntervalSeconds of a retrier',
    min: 1,
    max: 99_999_999,
    error: 'InvalidDefinition',
    source: ERRORS,
  },
  maxAttempts: {
    operation: 'CreateStateMachine',
    limit: 'MaxAttempts of a retrier',
    min: 0,
    max: 99_999_999,
    error: 'InvalidDefinition',
    source: ERRORS,
  },
  backoffRate: {
    operation: 'CreateStateMachine',
    limit: 'BackoffRate of a retrier',
    min: 1,
    error: 'InvalidDefinition',
    source: ERRORS,
  },
  maxDelaySeconds: {
    operation: 'CreateStateMachine',
    limit: 'MaxDelaySeconds of a retrier',
    min: 1,
    max: 31_622_399,
    error: 'InvalidDefinition',
    source: ERRORS,
  },
  statesAll: {
    operation: 'CreateStateMachine',
    limit: 'States.ALL beside other names, or in a retrier or catcher that is not the last',
    error: 'InvalidDefinition',
    source: ERRORS,
  },
});
