import { documents as client } from '../../../lib/runtime/document-client';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger, metrics } from '../../../lib/runtime/observability';
import { originCheck } from '../../../lib/runtime/origin-check';
import { PresignedRequests } from '../../../lib/runtime/presigned-upload';
import { RagEnvironment } from '../contract';
import { DocumentLibrary } from '../runtime/document-library';
import { documentsApi } from '../runtime/documents-api';
import { DocumentsRepository } from '../runtime/documents-repository';

const documents = new DocumentsRepository({
  name: requiredVariable(RagEnvironment.documentsTable),
  client,
});
const requests = new PresignedRequests(
  requiredVariable(RagEnvironment.documentsBucket),
  Number(requiredVariable(RagEnvironment.urlSeconds)),
);

/** Routes under `/api/documents`. */
export const handler = documentsApi({
  library: new DocumentLibrary(documents, requests),
  maxBytes: Number(requiredVariable(RagEnvironment.documentsMaxBytes)),
  checkOrigin: originCheck(requiredVariable(RagEnvironment.originVerifiers)),
  logger,
  metrics,
});
