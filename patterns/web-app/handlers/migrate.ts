import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { customResource } from '../../../lib/runtime/custom-resource';
import type { SchemaRequest } from '../../../lib/runtime/database-schema';
import { Migrator } from '../runtime/migrate';

const migrator = new Migrator(new RDSDataClient({ maxAttempts: 3 }));

/** Brings the schema up to date at deployment. Removing it does nothing: data goes when its database goes, never before. */
export const handler = customResource({
  physicalId: (properties) => {
    const { clusterArn, database } = properties as unknown as SchemaRequest;
    return `${clusterArn}/${database}`;
  },
  apply: (properties) => migrator.apply(properties as unknown as SchemaRequest),
  remove: async () => {},
});
