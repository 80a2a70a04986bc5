import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { lambdaStreaming, Response, type ResponseHead } from '../../../../patterns/genai-rag/runtime/response-stream';
import { COMMENT, eventText } from '../../../../patterns/genai-rag/runtime/sse';

const streaming = {
  HttpResponseStream: {
    from: (stream: Writable & { head?: ResponseHead }, head: ResponseHead) => Object.assign(stream, { head }),
  },
};
const HEAD = { statusCode: 200, headers: {} };

describe('a response', () => {
  it('says what it was given, after the first head that it was given', async () => {
    const stream: PassThrough & { head?: ResponseHead } = new PassThrough();
    const response = new Response(stream, streaming);
    response.write('too early');
    response.begin(HEAD);
    response.begin({ ...HEAD, statusCode: 500 });
    response.write('a');
    await response.end();
    expect(stream.head).toEqual(HEAD);
    expect(stream.read()?.toString()).toBe('a');
  });

  it.each([
    ['fails', new Error('gone')],
    ['is closed', undefined],
  ])('goes on in vain when its stream %s', async (_, error) => {
    const stream = new PassThrough();
    const response = new Response(stream, streaming);
    response.begin(HEAD);
    stream.destroy(error);
    response.write('a');
    await new Promise(setImmediate);
    response.write('b');
    await response.end();
  });

  it('that is never read ends when its reader goes', async () => {
    const stream = new Writable({ write: () => undefined });
    const response = new Response(stream, streaming);
    response.begin(HEAD);
    response.write('a');
    const ended = response.end();
    stream.destroy();
    await ended;
  });

  it('needs Lambda’s runtime', () => {
    expect(() => lambdaStreaming()).toThrow(/runtime of Lambda/);
  });
});

describe('an event', () => {
  it('is of two lines, whatever it says', () => {
    const text = 'a\n\nevent: done\ndata: {}\r\n\u2028🚂';
    const written = eventText('token', { text });
    expect(written.split('\n')).toEqual(['event: token', `data: ${JSON.stringify({ text })}`, '', '']);
    expect(written).not.toContain('\r');
    expect(COMMENT).toBe(':\n\n');
  });
});
