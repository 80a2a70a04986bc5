import type { Clock } from '../clock/clock';
import type { LocalEngineOptions } from '../engine/local-engine';
import { startWebApp, type WebAppPlace } from '../scenarios/web-app-place';
import type { SynthesizedPattern } from './patterns';
import { onPort, tokenOf } from './site-start';
import { servers } from './web-app-demo';

const TEST_USER = 'ada@example.com';

/** Runs the web app to be tried. @throws UsageError for a port that is taken */
export function openWebApp(
  { stack }: SynthesizedPattern,
  port: number,
  options: { readonly clock: Clock } & Pick<LocalEngineOptions, 'onLog'>,
): Promise<WebAppPlace> {
  return onPort(port, () => startWebApp(stack, { ...options, port }));
}

/** What someone should know to try it. */
export function tryWebApp(place: WebAppPlace): readonly string[] {
  const { url, engine, postgres, client } = place;
  const [pool] = engine.userPools.values();
  const token = tokenOf(pool, TEST_USER, client);
  const call = `curl -s ${url}/api/items -H "authorization: Bearer $TOKEN"`;
  return [
    `The site is at ${url}\n\nSign in as ${TEST_USER}, or any other address: the login here asks for no password.`,
    `${servers(place)} Look into the database: psql ${postgres.connectionString}`,
    `A token of the same user for the API, good for an hour:\n\nexport TOKEN='${token}'`,
    `${call} -H 'content-type: application/json' -H 'idempotency-key: 1' -d '{"title":"Holidays"}'`,
    call,
  ];
}
