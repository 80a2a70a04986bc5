/** Where a server listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `host:port`.
 *
 * @throws Error for anything else
 */
export function parseEndpoint(text: string): Endpoint {
  const [, host, port] = /^([^\s:/]+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || port === undefined) throw new Error(`${JSON.stringify(text)} is not host:port`);
  return { host, port: Number(port) };
}

/** Whether nothing that is sent there leaves the machine. */
export function isLoopback({ host }: Endpoint): boolean {
  return host === 'localhost' || host === '127.0.0.1';
}
