import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/**
 * Makes the listener of a local server that answers any bytes: what it throws is a 500 and a line on the console, never the end of the
 * process. A client that goes away before it has said all is no error of ours.
 *
 * @param say where the line goes. @default - standard error
 */
export function answeringAll<Asked extends Request, Answer extends Response>(
  answer: (request: Asked, response: Answer) => Promise<void>,
  say: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): (request: Asked, response: Answer) => void {
  return (request, response) => {
    for (const side of [request, response]) side.on('error', () => undefined);
    answer(request, response).catch((error: unknown) => {
      if (isGone(response)) return;
      say(`${request.method} ${request.url?.slice(0, 200)}: ${String(error)}`);
      failed(response);
    });
  };
}

function isGone(response: Response): boolean {
  return 'stream' in response ? response.stream === undefined || response.stream.destroyed : response.destroyed;
}

/** Nothing can be said any more once an answer has begun, but that it broke off. */
function failed(response: Response): void {
  if (response.headersSent || response.writableEnded) {
    if ('stream' in response) response.stream.destroy();
    else response.destroy();
    return;
  }
  const server = response as ServerResponse;
  for (const name of server.getHeaderNames()) server.removeHeader(name);
  const body = '{"message":"Internal Server Error"}';
  server.writeHead(500, { 'content-type': 'application/json', 'content-length': body.length });
  server.end(body);
}

/**
 * What a request asks for, as path and query: a client may also send the whole address of a server (RFC 9112, absolute-form).
 *
 * @param target as it was sent
 */
export function originForm(target: string): string {
  const [address = ''] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target) ?? [];
  const rest = target.slice(address.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** A path with its query, read. Two slashes at its beginning are no host. @throws URIError for an escape that is none */
export function urlOf(path: string): URL {
  const url = new URL(`http://localhost${originForm(path)}`);
  decodeURIComponent(url.pathname);
  return url;
}
