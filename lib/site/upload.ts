/** A form that a store takes a file by. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** One part of a large file, and where it is put. */
export interface UploadPart {
  readonly number: number;
  readonly url: string;
}

export interface UploadParts {
  /** Bytes of each part but the last. */
  readonly partSize: number;
  readonly parts: readonly UploadPart[];
}

/** A part that the store has. */
export interface SentPart {
  readonly number: number;
  readonly etag: string;
}

export interface UploadOptions {
  /** Hears how many bytes are there. */
  readonly onProgress?: (sent: number) => void;
  readonly signal?: AbortSignal;
}

export interface PartsOptions extends UploadOptions {
  /** Fetches the same parts with new URLs: what signed the first may expire before the last part is sent. */
  readonly renew?: () => Promise<UploadParts>;
}

/** The store refused, or was not reached. */
export class UploadFailed extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    /** As the store names it, for example `EntityTooLarge`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const PARTS_AT_ONCE = 3;
const TRIES = 4;
const FIRST_PAUSE_MS = 500;

/** Sends a file by a presigned form. The store checks size, type and key by the form's signature. */
export async function sendForm(form: UploadForm, file: Blob, options: UploadOptions = {}): Promise<void> {
  const data = new FormData();
  for (const [name, value] of Object.entries(form.fields)) data.append(name, value);
  // S3 ignores what comes after the file.
  data.append('file', file);
  // What is counted is the whole form; the file is nearly all of it.
  const onProgress = (sent: number) => options.onProgress?.(Math.min(sent, file.size));
  await transfer('POST', form.url, data, { ...options, onProgress });
}

/**
 * Sends a file in parts, a few at a time. A part that fails is sent again, after a pause that doubles.
 *
 * @throws UploadFailed when a part fails too often; the other parts are stopped
 */
export async function sendParts(upload: UploadParts, file: Blob, options: PartsOptions = {}): Promise<SentPart[]> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
  const urls = new Map(upload.parts.map(({ number, url }) => [number, url]));
  const waiting = upload.parts.map(({ number }) => number);
  const arrived = new Map<number, number>();
  const sent: SentPart[] = [];
  let renewal: Promise<void> | undefined;

  const renewUrls = (renew: () => Promise<UploadParts>): Promise<void> => {
    renewal ??= renew()
      .then(({ parts }) => {
        for (const { number, url } of parts) urls.set(number, url);
      })
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  };

  const sendPart = async (number: number): Promise<SentPart> => {
    const begin = (number - 1) * upload.partSize;
    const blob = file.slice(begin, begin + upload.partSize);
    const onProgress = (bytes: number) => {
      arrived.set(number, bytes);
      options.onProgress?.([...arrived.values()].reduce((sum, each) => sum + each, 0));
    };
    for (let tried = 1; ; tried += 1) {
      try {
        const request = await transfer('PUT', urls.get(number) ?? '', blob, { onProgress, signal });
        const etag = request.getResponseHeader('etag');
        // A bucket that does not expose the header is set up wrongly: no second try would show it.
        if (etag === null) throw new Error('S3 did not return the ETag of a part');
        return { number, etag };
      } catch (error) {
        onProgress(0);
        if (!(error instanceof UploadFailed) || tried === TRIES || signal.aborted) throw error;
        if (error.status === 403 && options.renew !== undefined) await renewUrls(options.renew);
        await new Promise((resume) => setTimeout(resume, FIRST_PAUSE_MS * 2 ** (tried - 1)));
      }
    }
  };

  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) sent.push(await sendPart(next));
  };
  try {
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, work));
  } catch (error) {
    stop.abort();
    throw error;
  }
  return sent.sort((a, b) => a.number - b.number);
}

/** By XMLHttpRequest: `fetch` does not tell how much of a body was sent. */
function transfer(
  method: 'POST' | 'PUT',
  url: string,
  body: FormData | Blob,
  { onProgress, signal }: UploadOptions,
): Promise<XMLHttpRequest> {
  return new Promise((done, failed) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener('abort', abort);
    request.upload.onprogress = ({ loaded }) => onProgress?.(loaded);
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    request.onload = () => (request.status < 300 ? done(request) : failed(refusalOf(request)));
    request.onerror = () => failed(new UploadFailed(0, 'unreachable', 'The file could not be sent. Try again.'));
    request.onabort = () => failed(signal?.reason);
    request.open(method, url);
    request.send(body);
  });
}

/** S3 answers errors in XML, of which the code is enough. */
function refusalOf({ status, responseText }: XMLHttpRequest): UploadFailed {
  const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(responseText)?.[1];
  const code = element('Code') ?? `http_${status}`;
  return new UploadFailed(status, code, element('Message') ?? `S3 responded with status ${status}`);
}
