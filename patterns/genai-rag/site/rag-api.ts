import { type ApiClient, ApiProblem } from '../../../lib/site/api-client';
import { readEvents } from '../../../lib/site/event-stream';
import {
  type AnswerEvents,
  API_PREFIX,
  type Conversation,
  type ConversationPage,
  type DocumentDownload,
  type DocumentPage,
  type DocumentRequest,
  type Forgotten,
  type Me,
  type NewDocument,
} from '../contract';

/** An event of an answer, by its name. */
export type AnswerEvent = {
  [Name in keyof AnswerEvents]: { readonly name: Name; readonly data: AnswerEvents[Name] };
}[keyof AnswerEvents];

/** The answer ended early; nothing that it showed was kept. */
class AnswerFailed extends ApiProblem {
  constructor(
    { status, code, detail, requestId }: AnswerEvents['error'],
    readonly retryable: boolean,
  ) {
    super(status, code, detail, undefined, requestId);
  }
}

/** A question, and the key that is the same for each of its tries. */
export interface Asked {
  readonly conversation: string;
  readonly question: string;
  readonly key: string;
}

/** The routes of the API. */
export class RagApi {
  constructor(private readonly client: ApiClient) {}

  documents(cursor?: string): Promise<DocumentPage> {
    return this.client.send(pageOf(`${API_PREFIX}/documents`, 50, cursor));
  }

  document(id: string): Promise<DocumentDownload> {
    return this.client.send(documentPath(id));
  }

  /** @param key the same for each try of one upload: it makes one document */
  addDocument(body: DocumentRequest, key: string, signal: AbortSignal): Promise<NewDocument> {
    const headers = { 'idempotency-key': key };
    return this.client.send(`${API_PREFIX}/documents`, { method: 'POST', body, headers, signal });
  }

  removeDocument(id: string): Promise<void> {
    return this.client.send(documentPath(id), { method: 'DELETE' });
  }

  conversations(cursor?: string): Promise<ConversationPage> {
    return this.client.send(pageOf(`${API_PREFIX}/conversations`, 20, cursor));
  }

  conversation(id: string, cursor?: string): Promise<Conversation> {
    return this.client.send(pageOf(conversationPath(id), 20, cursor));
  }

  removeConversation(id: string): Promise<void> {
    return this.client.send(conversationPath(id), { method: 'DELETE' });
  }

  me(): Promise<Me> {
    return this.client.send(`${API_PREFIX}/me`);
  }

  forgetMe(): Promise<Forgotten> {
    return this.client.send(`${API_PREFIX}/me`, { method: 'DELETE' });
  }

  /**
   * Asks, and hands out the answer as it comes. The last event is `done`.
   *
   * @throws AnswerFailed when the answer ends before it is done
   * @throws ApiProblem when it does not begin
   */
  async *ask(asked: Asked, signal: AbortSignal): AsyncGenerator<AnswerEvent, void, undefined> {
    const path = `${conversationPath(asked.conversation)}/messages`;
    const headers = { 'idempotency-key': asked.key };
    const body = { question: asked.question };
    const stream = await this.client.stream(path, { method: 'POST', body, headers, signal });
    try {
      for await (const { name, data } of readEvents(stream)) {
        // What a later version of the API may add besides is not ours to know.
        const event = { name, data: JSON.parse(data) } as AnswerEvent;
        if (event.name === 'error') throw new AnswerFailed(event.data, event.data.retryable);
        yield event;
        if (event.name === 'done') return;
      }
    } catch (error) {
      // A connection that breaks, or a stream that is none.
      if (error instanceof TypeError || error instanceof SyntaxError) throw interrupted();
      throw error;
    }
    throw interrupted();
  }
}

/** Whether the same question may be asked again with the same key. */
export function mayRepeat(error: unknown): boolean {
  if (error instanceof AnswerFailed) return error.retryable;
  if (!(error instanceof ApiProblem)) return false;
  return error.status < 400 || error.status >= 500 || error.status === 429 || error.code === 'in_progress';
}

/** Whether the answer was kept is not known: the same key finds out. */
function interrupted(): AnswerFailed {
  const detail = 'The connection was closed before the answer was complete.';
  return new AnswerFailed({ status: 0, code: 'interrupted', detail, requestId: '', retryable: true }, true);
}

function pageOf(path: string, limit: number, cursor?: string): string {
  return `${path}?${new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) })}`;
}

function documentPath(id: string): string {
  return `${API_PREFIX}/documents/${encodeURIComponent(id)}`;
}

function conversationPath(id: string): string {
  return `${API_PREFIX}/conversations/${encodeURIComponent(id)}`;
}
