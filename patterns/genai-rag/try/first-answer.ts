import { randomBytes } from 'node:crypto';
import { CommandError } from '../../../lib/operations/terminal';
import type { FirstRequest, FirstRequestPlace } from '../../../lib/operations/try/first-request';
import { API_PREFIX, type DocumentDownload, type DocumentType, type NewDocument } from '../contract';

const NAME = 'ferry.txt';
const TYPE: DocumentType = 'text/plain';
const DOCUMENT = 'The ferry to Nagu leaves at nine in the morning. It takes cars and bicycles.';
const QUESTION = 'When does the ferry to Nagu leave?';

/** The schedule starts a job each minute, and a job takes a minute or two. */
const INDEXED_WITHIN_MS = 10 * 60_000;
const LOOKS_EVERY_MS = 10_000;

/** The first request to the GenAI application: a document, and a question that it answers. */
export const firstAnswer: FirstRequest = {
  outputs: ['Url'],
  logs: /(AnswersAsk|DocumentsApi|LibrarySync|LibraryInspector)LogGroup/,
  run: async (place) => {
    const { outputs, ask, show, tell, keep, newKey, now, discard } = place;
    const api = `${outputs['Url']}${API_PREFIX}`;
    const document = await announced(place, api);
    const asking = () => ({
      method: 'POST' as const,
      url: `${api}/conversations/${newConversation(now())}/messages`,
      headers: { accept: 'application/json', 'idempotency-key': newKey() },
      body: { question: QUESTION },
    });
    try {
      await sent(place, document);
      await indexed(place, api, document.document.id);
      const first = asking();
      show(first, await ask(first));
    } finally {
      await discard(`${api}/documents/${document.document.id}`);
      await discard(`${api}/me`);
    }
    tell(
      keep
        ? `\nThe document ${NAME} stays. The site is at ${outputs['Url']}`
        : `\nThe document and the conversation are deleted again. Another user begins without documents: add some at ${outputs['Url']}, or try with --keep.`,
    );
    return asking();
  },
};

async function announced({ ask, newKey, say }: FirstRequestPlace, api: string): Promise<NewDocument> {
  say(`Sending the document ${NAME}: "${DOCUMENT}"`);
  const answer = await ask({
    method: 'POST',
    url: `${api}/documents`,
    headers: { 'idempotency-key': newKey() },
    body: { name: NAME, contentType: TYPE, size: Buffer.byteLength(DOCUMENT) },
  });
  return answer.json() as NewDocument;
}

/** As a browser does: the fields in their order, and the file last. */
async function sent({ upload }: FirstRequestPlace, { upload: { url, fields } }: NewDocument): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([DOCUMENT]), NAME);
  await upload(url, form);
}

/** Waits until questions find a document. @throws CommandError when it fails, or is late */
async function indexed({ ask, pause, now, say }: FirstRequestPlace, api: string, id: string): Promise<void> {
  const until = now() + INDEXED_WITHIN_MS;
  say('Waiting until it is inspected and ingested, which takes about three minutes …');
  for (;;) {
    const answer = await ask({ method: 'GET', url: `${api}/documents/${id}` });
    const { document } = answer.json() as DocumentDownload;
    if (document.status === 'indexed') return;
    if (document.status === 'failed') {
      throw new CommandError(`The document was not ingested: ${document.reason ?? 'no reason is known'}`);
    }
    if (now() > until) {
      throw new CommandError(
        `The document is still ${document.status} after ${INDEXED_WITHIN_MS / 60_000} minutes: look at the function sync-knowledge-base's log, and at the alarms.`,
      );
    }
    await pause(LOOKS_EVERY_MS);
  }
}

/** A UUID of version 7, as clients make for a conversation. @param now milliseconds since 1970 */
function newConversation(now: number): string {
  const time = Math.floor(now).toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}
