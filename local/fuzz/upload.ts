import { answerWire } from '../aws/wire';
import type { LocalEngine } from '../engine/local-engine';

/** A form that an API granted. */
interface Form {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Whether an answer grants a form. */
export function isForm(value: unknown): value is Form {
  return typeof value === 'object' && value !== null && 'url' in value && 'fields' in value;
}

/** Sends a file to S3 by a form, as a browser does. @returns the status */
export async function sendForm({ stores, onCall }: LocalEngine, form: Form, content: Buffer): Promise<number> {
  const { url, fields } = form;
  const boundary = 'boundary-of-the-form';
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(parts.join('') + file), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const { host, pathname, search } = new URL(url);
  const headers = { host, 'content-type': `multipart/form-data; boundary=${boundary}` };
  const wire = { method: 'POST', url: `${pathname}${search}`, headers, body };
  return (await answerWire(wire, { s3: stores.s3 }, onCall)).status;
}

/** Reads a file by the address that an API granted. @returns its bytes, or undefined for what S3 does not give */
export async function download({ stores, onCall }: LocalEngine, url: string): Promise<Buffer | undefined> {
  const { host, pathname, search } = new URL(url);
  const wire = { method: 'GET', url: `${pathname}${search}`, headers: { host }, body: Buffer.alloc(0) };
  const { status, body } = await answerWire(wire, { s3: stores.s3 }, onCall);
  if (status !== 200) return undefined;
  return typeof body === 'string' ? Buffer.from(body) : Buffer.isBuffer(body) ? body : undefined;
}
