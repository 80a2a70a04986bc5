import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { customResource } from '../../../lib/runtime/custom-resource';
import { logger } from '../../../lib/runtime/observability';
import type { ExternalSchema } from '../contract';
import { ExternalSchemas } from '../runtime/external-schema';

const schemas = new ExternalSchemas(
  new RedshiftDataClient({ maxAttempts: 5, requestHandler: callTimeouts({ answerMs: 10_000 }) }),
);

/** Shows the lake's tables in the warehouse, at deployment: CloudFormation has no resource for a schema. */
export const handler = customResource({
  physicalId: (properties) => {
    const { workgroup, database, schema } = properties as unknown as ExternalSchema;
    return `${workgroup}/${database}/${schema}`;
  },
  apply: (properties) => schemas.create(properties as unknown as ExternalSchema),
  remove: async (properties) => {
    try {
      await schemas.drop(properties as unknown as ExternalSchema);
    } catch (error) {
      // It goes with the warehouse anyway; a stack that someone wants gone must not stay because of it.
      logger.warn('The schema could not be dropped', { error: error as Error });
    }
  },
});
