import type { SynthesizedStack } from '../assembly/cloud-assembly';
import type { ResolvedResource } from '../assembly/resolved-template';
import type { FunctionDefinition } from './sandbox';

/**
 * A function of a template, with its code in the assembly. Undefined for CDK's own provider functions, which work at deployment
 * only: they have no environment, or are not of Node.js.
 *
 * @param code folders to run in place of the assembly's, by the service's name
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
    timeout: Number(properties['Timeout'] ?? 3),
    memory: Number(properties['MemorySize'] ?? 128),
    reservedConcurrency: reserved === undefined ? undefined : Number(reserved),
  };
}
