import type { OpenSite, StartValues } from '../../../local/cli/local-pattern';
import { onPort, tokenOf } from '../../../local/cli/site-start';
import { UsageError } from '../../../local/cli/usage-error';
import { servers } from './demo';
import { startWebApp, type WebAppPlace } from './place';

const TEST_USER = 'ada@example.com';

/** Opens the web app to be tried. */
export async function webAppSite({ bedrock, guardrail }: StartValues): Promise<OpenSite> {
  if (bedrock === true || guardrail !== undefined) throw new UsageError('web-app does not use Bedrock models');
  return async ({ stack }, port, options) => {
    const place = await onPort(port, () => startWebApp(stack, { ...options, port }));
    return { place, engine: place.engine, texts: textsOf(place) };
  };
}

/** What a person needs to know to try it. */
function textsOf(place: WebAppPlace): readonly string[] {
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
