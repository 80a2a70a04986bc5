import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { customResource } from '../../../lib/runtime/custom-resource';
import type { SchemaRequest } from '../../../lib/runtime/database-schema';
import { Migrator } from '../runtime/migrate';

/** The Data API ends a statement after 45 s itself (docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html). */
const requestHandler = callTimeouts({ answerMs: 60_000 });
const migrator = new Migrator(new RDSDataClient({ maxAttempts: 3, requestHandler }));

/** Brings the schema up to date at deployment. Removing it does nothing: data goes when its database goes, never before. */
export const handler = customResource({
  physicalId: (properties) => {
    const { clusterArn, database } = properties as unknown as SchemaRequest;
    return `${clusterArn}/${database}`;
  },
  apply: (properties) => migrator.apply(properties as unknown as SchemaRequest),
  remove: async () => {},
});
