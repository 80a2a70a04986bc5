import { MetricUnit } from '@aws-lambda-powertools/metrics';
import * as z from 'zod/mini';
import { documents as client } from '../../../lib/runtime/document-client';
import { requiredVariable } from '../../../lib/runtime/environment';
import { handleMessages } from '../../../lib/runtime/message-batch';
import { logger, metrics } from '../../../lib/runtime/observability';
import { RagEnvironment } from '../contract';
import { DocumentFiles } from '../runtime/document-files';
import { DocumentsRepository } from '../runtime/documents-repository';
import { type Inspection, inspectObject } from '../runtime/inspect-object';

const bucket = requiredVariable(RagEnvironment.documentsBucket);

/** An event of S3 on EventBridge (AWS: S3, EventBridge event message structure). Keys are spelled as they are there. */
const ObjectEvent = z.object({
  'detail-type': z.enum(['Object Created', 'Object Deleted']),
  detail: z.object({
    bucket: z.object({ name: z.literal(bucket) }),
    object: z.object({ key: z.string(), etag: z.optional(z.string()) }),
  }),
});

/** What is worth a number. */
const METRICS: Readonly<Partial<Record<Inspection, string>>> = {
  'taken-in': 'DocumentsTakenIn',
  changed: 'DocumentsTakenIn',
  deleted: 'DocumentsDeleted',
  quarantined: 'DocumentsQuarantined',
  unclaimed: 'DocumentsUnclaimed',
};

const stores = {
  documents: new DocumentsRepository({
    name: requiredVariable(RagEnvironment.documentsTable),
    client,
  }),
  files: new DocumentFiles(bucket),
};

/** Looks at files that came and went. */
export const handler = handleMessages(async (body) => {
  const { 'detail-type': type, detail } = ObjectEvent.parse(body);
  const { key, etag } = detail.object;
  const created = type === 'Object Created';
  const inspection = await inspectObject({ key, created, ...(etag !== undefined && { etag }) }, stores);
  const metric = METRICS[inspection];
  if (metric !== undefined) metrics.addMetric(metric, MetricUnit.Count, 1);
  // Of an upload's key the last part is the document's id; a name that people gave stays out of the log.
  if (inspection === 'quarantined' || inspection === 'unclaimed') {
    logger.warn('A file was quarantined', { inspection, document: key.split('/').at(-1) });
  }
  if (inspection === 'refused') logger.info('A file was refused', { document: key.split('/').at(-1) });
  if (inspection === 'ignored' && created) logger.warn('A file is not in the folder of a tenant and is ignored');
});
