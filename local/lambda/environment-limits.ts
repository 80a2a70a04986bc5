import { LAMBDA_LIMITS } from '../limits/lambda';
import { enforce, refused } from '../limits/limit';

const { environment, variableName } = LAMBDA_LIMITS.rows;
/** AWS: Lambda, Defined runtime environment variables: the reserved ones, which a function's configuration cannot set. */
const RESERVED: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);
const NAME = /^[a-zA-Z][a-zA-Z0-9_]+$/;

/** Checks the variables of a function as CreateFunction does. @throws AwsError for variables that it refuses */
export function checkEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(variables)) {
    if (RESERVED.has(name) || !NAME.test(name)) throw refused(variableName, `Lambda cannot set the variable ${name}`);
  }
  enforce(environment, Buffer.byteLength(JSON.stringify(variables)));
}
