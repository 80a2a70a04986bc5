import { MetricUnit } from '@aws-lambda-powertools/metrics';
import * as z from 'zod/mini';
import { requiredVariable } from '../../../lib/runtime/environment';
import { handleMessages } from '../../../lib/runtime/message-batch';
import { logger, metrics } from '../../../lib/runtime/observability';
import { UPLOADS_PREFIX, WebAppEnvironment } from '../contract';
import { AttachmentsRepository } from '../runtime/attachments-repository';
import { type Inspection, inspectUpload } from '../runtime/inspect-upload';
import { InspectedObjects } from '../runtime/inspected-objects';
import { cache, database } from '../runtime/stores';

const bucket = requiredVariable(WebAppEnvironment.uploadsBucket);

/** An event of S3 on EventBridge (AWS: S3, EventBridge event message structure). Keys are spelled as they are there. */
const ObjectCreated = z.object({
  'detail-type': z.literal('Object Created'),
  detail: z.object({
    bucket: z.object({ name: z.literal(bucket) }),
    object: z.object({ key: z.string().check(z.startsWith(UPLOADS_PREFIX)) }),
  }),
});

const METRICS: Readonly<Record<Inspection, string>> = {
  ready: 'UploadsReady',
  quarantined: 'UploadsQuarantined',
  gone: 'UploadsGone',
  deleted: 'UploadsDeleted',
};

const stores = {
  database: database(),
  attachments: new AttachmentsRepository(database(), cache()),
  objects: new InspectedObjects(bucket),
};

/** Looks at files that came. */
export const handler = handleMessages(async (body) => {
  const { key } = ObjectCreated.parse(body).detail.object;
  const inspection = await inspectUpload(key, stores);
  metrics.addMetric(METRICS[inspection], MetricUnit.Count, 1);
  // Of a key the last part is the attachment's id; the rest is the user's.
  if (inspection === 'quarantined')
    logger.warn('The content of a file does not match its declared type or size', {
      attachment: key.split('/').at(-1),
    });
});
