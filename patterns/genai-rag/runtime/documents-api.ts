import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { ORIGIN_HEADER } from '../../../lib/runtime/contract';
import { Problem, problemAnswer } from '../../../lib/runtime/problem';
import { API_PREFIX } from '../contract';
import { type Caller, callerOf } from './caller';
import { DOCUMENT_CURSORS, pageRequestOf } from './cursor';
import type { DocumentLibrary } from './document-library';
import { announcedDocument, documentIdOf } from './document-request';
import { documentOf } from './document-row';
import { type ApiEvent, headerOf } from './question';
import { requireSingleValues } from './single-values';

const DOCUMENTS = `${API_PREFIX}/documents`;

/** What the routes of documents work with. */
export interface DocumentsApiProps {
  readonly library: DocumentLibrary;
  /** Bytes of the largest document. */
  readonly maxBytes: number;
  /** Throws a Problem for what did not come through the distribution. */
  readonly checkOrigin: (header: string | undefined) => void;
  readonly logger: Pick<Logger, 'error'>;
  readonly metrics: Pick<Metrics, 'addMetric' | 'hasStoredMetrics' | 'publishStoredMetrics'>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The routes under `/api/documents`. The files go to S3 by themselves, and come from there (s3-presigned-uploads). */
export function documentsApi(props: DocumentsApiProps): (event: ApiEvent) => Promise<APIGatewayProxyResult> {
  return async (event) => {
    try {
      props.checkOrigin(headerOf(event, ORIGIN_HEADER));
      requireSingleValues(event);
      const { status, body, headers } = await answer(event, callerOf(event), props);
      return {
        statusCode: status,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
        body: JSON.stringify(body),
      };
    } catch (error) {
      return problemAnswer(error, event.requestContext.requestId, props.logger);
    } finally {
      if (props.metrics.hasStoredMetrics()) props.metrics.publishStoredMetrics();
    }
  };
}

async function answer(
  event: ApiEvent,
  caller: Caller,
  { library, maxBytes, metrics }: DocumentsApiProps,
): Promise<Answer> {
  const isList = event.resource === DOCUMENTS;
  switch (`${event.httpMethod} ${isList ? 'list' : 'document'}`) {
    case 'POST list': {
      const body = await library.announce(caller, announcedDocument(event, maxBytes));
      metrics.addMetric('DocumentsAnnounced', MetricUnit.Count, 1);
      return { status: 201, body, headers: { location: `${DOCUMENTS}/${body.document.id}` } };
    }
    case 'GET list': {
      const { limit, after } = pageRequestOf(event.queryStringParameters, DOCUMENT_CURSORS);
      return { status: 200, body: await library.list(caller, limit, after) };
    }
    case 'GET document':
      return { status: 200, body: await library.open(caller, documentIdOf(event)) };
    case 'DELETE document':
      return { status: 202, body: { document: documentOf(await library.remove(caller, documentIdOf(event))) } };
    default:
      throw new Problem(405, 'method_not_allowed', 'This path does not support the method.');
  }
}
