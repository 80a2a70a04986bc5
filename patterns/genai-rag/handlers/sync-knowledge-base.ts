import { randomUUID } from 'node:crypto';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { documents as client } from '../../../lib/runtime/document-client';
import { requiredVariable } from '../../../lib/runtime/environment';
import { logger, metrics } from '../../../lib/runtime/observability';
import { RagEnvironment } from '../contract';
import { DocumentFiles } from '../runtime/document-files';
import { IngestionJobs } from '../runtime/ingestion-jobs';
import { IngestionState } from '../runtime/ingestion-state';
import { syncKnowledgeBase } from '../runtime/sync-knowledge-base';

const bucket = requiredVariable(RagEnvironment.documentsBucket);
const knowledgeBaseId = requiredVariable(RagEnvironment.knowledgeBaseId);
const dataSourceId = requiredVariable(RagEnvironment.dataSourceId);

const stores = {
  state: new IngestionState(requiredVariable(RagEnvironment.documentsTable), dataSourceId, client, randomUUID),
  jobs: new IngestionJobs({ knowledgeBaseId, dataSourceId }, bucket),
  files: new DocumentFiles(bucket),
  newToken: randomUUID,
};

/** Brings the knowledge base one step nearer to the documents, on a schedule. */
export const handler = async (): Promise<void> => {
  try {
    const { outcome, indexed, failed, jobsFailed, oldestMs } = await syncKnowledgeBase(Date.now(), stores);
    const counts = { DocumentsIndexed: indexed, DocumentsFailed: failed, IngestionJobsFailed: jobsFailed };
    for (const [name, count] of Object.entries(counts)) {
      if (count > 0) metrics.addMetric(name, MetricUnit.Count, count);
    }
    if (oldestMs !== undefined)
      metrics.addMetric('OldestChangeSeconds', MetricUnit.Seconds, Math.round(oldestMs / 1000));
    if (outcome !== 'idle') logger.info('Synchronized', { outcome, indexed, failed, jobsFailed });
  } catch (error) {
    logger.error('Synchronizing failed', { error: error as Error });
    throw error;
  } finally {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  }
};
