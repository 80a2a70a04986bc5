/** A client of the SDK, as far as its handler of HTTP is asked for here. */
interface Client {
  readonly config: { readonly requestHandler: object };
}

interface Timeouts {
  readonly connectionTimeout?: number;
  readonly requestTimeout?: number;
  readonly socketTimeout?: number;
}

/** The time limits that a client was made with, in milliseconds: its handler tells them only once it has sent something. */
export async function timeoutsOf({ config }: Client): Promise<Timeouts> {
  const { configProvider } = config.requestHandler as { readonly configProvider?: Promise<Timeouts> };
  if (configProvider === undefined) throw new Error('The handler of HTTP keeps its settings elsewhere now');
  const { connectionTimeout, requestTimeout, socketTimeout } = await configProvider;
  return { connectionTimeout, requestTimeout, socketTimeout };
}
