import type { CatalogueId } from '../../../lib/checks';
import { AwsError, type LocalInput } from '../../../local/aws/service';
import type { NewDocument } from '../../../patterns/genai-rag/contract';
import { postForm } from '../../local/aws/s3/s3-fixture';
import { ACME, BUCKET, type DocumentsFixture } from '../../patterns/genai-rag/runtime/documents-fixture';
import { type FixtureProof, type Handlers, handlerOf } from './fixture-proof';

type Proof = FixtureProof<DocumentsFixture>;
interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

const MEGABYTE = 1024 ** 2;
const RUNTIME = 'patterns/genai-rag/runtime';
const FOLDER = 'documents/t-acme/';

/** Asks the API. */
async function ask(handlers: Handlers, httpMethod: string, { id = '', body }: { id?: string; body?: unknown }) {
  const answer = await handlerOf(
    handlers,
    'documents',
  )({
    httpMethod,
    path: '/api/documents',
    resource: id === '' ? '/api/documents' : '/api/documents/{id}',
    pathParameters: id === '' ? null : { id },
    headers: { 'x-origin-verify': 'secret', 'content-type': 'application/json', 'idempotency-key': 'key' },
    body: body === undefined ? null : JSON.stringify(body),
    requestContext: { requestId: 'r', authorizer: { claims: { sub: ACME.user, 'cognito:groups': 'tenant-acme' } } },
  });
  return answer as Answer;
}

const announce = (handlers: Handlers, size: number) =>
  ask(handlers, 'POST', { body: { name: 'a.txt', contentType: 'text/plain', size } });

/** An event of an object, as EventBridge puts it into the queue. */
const told = (key: string, type = 'Object Created') => ({
  'detail-type': type,
  detail: { bucket: { name: BUCKET }, object: { key } },
});

/** Tells the inspector of messages, in one batch. @returns the ids of those that come back */
async function inspect(handlers: Handlers, bodies: readonly unknown[]): Promise<string[]> {
  const Records = bodies.map((body, index) => ({
    messageId: `m-${index}`,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111111111111:work',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }));
  const { batchItemFailures } = (await handlerOf(handlers, 'inspect-document')({ Records }, {})) as {
    batchItemFailures: { itemIdentifier: string }[];
  };
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** Announces a document and puts its file where it comes in. @returns the key that it came in by */
async function upload(handlers: Handlers, content: string): Promise<{ key: string; id: string }> {
  const { document, upload: form } = JSON.parse((await announce(handlers, content.length)).body) as NewDocument;
  if ((await postForm(form, content)).status !== 204) throw new Error('S3 refused the upload');
  return { key: `uploads/t-acme/${document.id}`, id: document.id };
}

const countOf = ({ calls }: DocumentsFixture, action: string) => calls.filter((call) => call.action === action).length;

/** Hears of each call of S3 before it is performed, and may refuse it. */
function beforeS3(fixture: DocumentsFixture, hook: (action: string, input: LocalInput) => void): void {
  const { s3 } = fixture;
  const call = s3.call.bind(s3);
  s3.call = (action, input) => {
    hook(action, input);
    return call(action, input);
  };
}

const goesOn: Proof = {
  handlers: ['inspect-document'],
  source: 'lib/runtime/message-batch.ts',
  replace: [
    "logger.error('Message failed', { messageId: record.messageId, error: error as Error });\n      throw error;",
    '',
  ],
  holds: async (fixture, handlers) => {
    fixture.put(`${FOLDER}a.txt`, 'a');
    const back = await inspect(handlers, ['no JSON', told(`${FOLDER}a.txt`)]);
    return back.join() === 'm-0' && (await fixture.rows(ACME.tenant)).length === 1;
  },
};

const bearsRepeats: Proof = {
  handlers: ['inspect-document'],
  source: `${RUNTIME}/reconcile-document.ts`,
  replace: ["if (isSame && !isDeleting) return 'known';", ''],
  holds: async (fixture, handlers) => {
    fixture.put(`${FOLDER}a.txt`, 'a');
    for (let time = 0; time < 3; time += 1) await inspect(handlers, [told(`${FOLDER}a.txt`)]);
    return countOf(fixture, 'TransactWriteItems') === 1 && (await fixture.state()).changes.length === 1;
  },
};

const followsPointer: Proof = {
  handlers: ['documents', 'inspect-document'],
  source: `${RUNTIME}/inspect-incoming.ts`,
  replace: ['await files.look(key, row)', 'await Promise.resolve(undefined)'],
  holds: async (fixture, handlers) => {
    // More than a message may hold; what comes by the queue is its name.
    const { key, id } = await upload(handlers, 'long '.repeat(300_000));
    const message = told(key);
    const back = await inspect(handlers, [message]);
    const row = await fixture.row(ACME.tenant, id);
    return back.length === 0 && JSON.stringify(message).length < 1000 && row?.status === 'pending';
  },
};

const waitsForS3: Proof = {
  handlers: ['inspect-document'],
  source: `${RUNTIME}/document-files.ts`,
  replace: ['maxAttempts: 4', 'maxAttempts: 1'],
  holds: async (fixture, handlers) => {
    fixture.put(`${FOLDER}a.txt`, 'a');
    let refused = 0;
    beforeS3(fixture, () => {
      refused += 1;
      if (refused <= 2) throw new AwsError('SlowDown', 'Please reduce your request rate.', 503);
    });
    return (await inspect(handlers, [told(`${FOLDER}a.txt`)])).length === 0;
  },
};

const copiesWhatItSaw: Proof = {
  handlers: ['documents', 'inspect-document'],
  source: `${RUNTIME}/document-files.ts`,
  replace: [`, CopySourceIfMatch: \`"\${etag}"\``, ''],
  holds: async (fixture, handlers) => {
    const { key, id } = await upload(handlers, 'honest');
    let isReplaced = false;
    beforeS3(fixture, (action, input) => {
      if (action !== 'CopyObject' || isReplaced || !String(input['Key']).startsWith(FOLDER)) return;
      isReplaced = true;
      fixture.put(key, 'another, and longer');
    });
    await inspect(handlers, [told(key)]);
    return isReplaced && fixture.content(`${FOLDER}${id}.txt`) !== 'another, and longer';
  },
};

const refusesLargeFiles: Proof = {
  handlers: ['documents'],
  source: `${RUNTIME}/document-request.ts`,
  replace: ['if (parsed.data.size > maxBytes) {', 'if (parsed.data.size < 0) {'],
  holds: async (_stand, handlers) => {
    const [large, fitting] = [await announce(handlers, 200 * MEGABYTE), await announce(handlers, 50 * MEGABYTE)];
    // A single form takes 5 GiB (AWS: S3, POST); nothing above 100 MB is let in, so no upload wants parts.
    return large.statusCode === 413 && large.body.includes('"size"') && fitting.statusCode === 201;
  },
};

const signsForMinutes: Proof = {
  handlers: ['documents'],
  source: 'lib/runtime/upload-limits.ts',
  replace: ['most: 900', 'most: 7200'],
  environment: { URL_SECONDS: '3600' },
  holds: /300 to 900 s, not 3600/,
};

const answersAtOnce: Proof = {
  handlers: ['documents', 'inspect-document'],
  source: `${RUNTIME}/documents-api.ts`,
  replace: ['status: 202', 'status: 200'],
  holds: async (fixture, handlers) => {
    const { key, id } = await upload(handlers, 'hello');
    await inspect(handlers, [told(key)]);
    const { statusCode } = await ask(handlers, 'DELETE', { id });
    // The knowledge base is told later: the request waits for none of it.
    return statusCode === 202 && fixture.bedrock.calls.length === 0 && (await fixture.state()).changes.length === 1;
  },
};

const readsWhatWasWritten: Proof = {
  handlers: ['documents'],
  source: `${RUNTIME}/documents-repository.ts`,
  replace: ['Key: keyOf({ tenant, id }), ConsistentRead: true', 'Key: keyOf({ tenant, id })'],
  holds: async (fixture, handlers) => {
    const { document } = JSON.parse((await announce(handlers, 5)).body) as NewDocument;
    await ask(handlers, 'GET', { id: document.id });
    await ask(handlers, 'GET', {});
    const inputOf = (action: string) => fixture.calls.find((call) => call.action === action)?.input;
    const list = inputOf('Query');
    return inputOf('GetItem')?.['ConsistentRead'] === true && 'IndexName' in (list ?? {}) && !list?.['ConsistentRead'];
  },
};

const startsOneJob: Proof = {
  of: 'two runs at once start one job',
  handlers: ['sync-knowledge-base'],
  source: `${RUNTIME}/ingestion-state.ts`,
  replace: [`Item,\n      ConditionExpression: \`attribute_not_exists(\${partition})\`,`, 'Item,'],
  holds: async (fixture, handlers) => {
    // It came a minute ago, so that its burst is over.
    fixture.now -= 60_000;
    fixture.put(`${FOLDER}a.txt`, 'a');
    await fixture.deliver();
    fixture.now += 60_000;
    const sync = handlerOf(handlers, 'sync-knowledge-base');
    await Promise.all([sync({}), sync({}), sync({})]);
    const tokens = fixture.bedrock.callsOf('StartIngestionJob').map(({ clientToken }) => clientToken);
    return tokens.length > 0 && new Set(tokens).size === 1;
  },
};

/** The proofs of the rows that live in the code of documents. */
export const DOCUMENT_PROOFS: readonly (readonly [CatalogueId, Proof])[] = [
  ['lambda-sqs-partial-batch', goesOn],
  ['sqs-idempotent-consumer', bearsRepeats],
  ['sqs-message-size-pointer', followsPointer],
  ['s3-request-rate-per-prefix', waitsForS3],
  ['s3-concurrent-writers', copiesWhatItSaw],
  ['s3-multipart-over-100mb', refusesLargeFiles],
  ['s3-presign-expiry-5-15-min', signsForMinutes],
  ['apigw-async-long-work', answersAtOnce],
  ['ddb-gsi-eventual', readsWhatWasWritten],
  ['rag-knowledge-base', startsOneJob],
];
