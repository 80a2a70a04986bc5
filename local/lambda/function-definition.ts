import type { SynthesizedStack } from '../assembly/cloud-assembly';
import type { ResolvedResource } from '../assembly/resolved-template';
import { LAMBDA_LIMITS } from '../limits/lambda';
import { enforce } from '../limits/limit';
import { checkEnvironment } from './environment-limits';
import type { FunctionDefinition } from './sandbox';

const LIMITS = LAMBDA_LIMITS.rows;
/** AWS: API_CreateFunction. */
const DEFAULTS = { timeout: 3, memory: 128 };

/**
 * A function of a template, with its code in the assembly. Undefined for CDK's own provider functions, which work at deployment
 * only: they have no environment, or are not of Node.js.
 *
 * @param code folders to run in place of the assembly's, by the service's name
 * @throws AwsError for a function that CreateFunction refuses
 */
export function functionDefinition(
  { logicalId, name, arn = '', properties }: ResolvedResource,
  stack: Pick<SynthesizedStack, 'assetFolder'>,
  code: Readonly<Record<string, string>> = {},
): FunctionDefinition | undefined {
  const { S3Key } = properties['Code'] as { S3Key?: string };
  const { Variables } = (properties['Environment'] ?? {}) as { Variables?: Record<string, string> };
  const isOfNode = String(properties['Runtime']).startsWith('nodejs');
  if (Variables === undefined || S3Key === undefined || !isOfNode) return undefined;
  const service = Variables['POWERTOOLS_SERVICE_NAME'] ?? logicalId;
  const timeout = Number(properties['Timeout'] ?? DEFAULTS.timeout);
  const memory = Number(properties['MemorySize'] ?? DEFAULTS.memory);
  enforce(LIMITS.timeout, timeout);
  enforce(LIMITS.memory, memory);
  enforce(LIMITS.functionName, name.length);
  checkEnvironment(Variables);
  const reserved = properties['ReservedConcurrentExecutions'];
  return {
    name,
    arn,
    logicalId,
    service,
    folder: code[service] ?? stack.assetFolder(S3Key),
    handler: String(properties['Handler']),
    logGroup: (properties['LoggingConfig'] as { LogGroup?: string } | undefined)?.LogGroup,
    environment: Variables,
    timeout,
    memory,
    reservedConcurrency: reserved === undefined ? undefined : Number(reserved),
  };
}
