import { Readable } from 'node:stream';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { withReturnedValues } from '../../../local/assembly/returned-values';
import type { LocalUserPool } from '../../../local/aws/user-pool';
import type { FetchFromOrigin } from '../../../local/edge/viewer';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import { CustomResources } from '../../../local/scenarios/custom-resources';
import {
  distributionOf,
  loginClient,
  openSite,
  type SitePlace,
  uploadsOf,
  userPoolOf,
} from '../../../local/scenarios/site-place';
import { RagEnvironment } from '../contract';

/** People who may try it, by the group that makes them of a tenant. */
export const TEST_USERS: Readonly<Record<string, string>> = {
  'ada@example.com': 'tenant-acme',
  'bob@example.com': 'tenant-globex',
};

/** Milliseconds between two words of the model that stands in. */
export const WORD_MS = 20;

/** The GenAI application without a port: in virtual time, from the distribution on. */
export interface RagPlace {
  readonly engine: LocalEngine;
  readonly pool: LocalUserPool;
  /** Of the client that people sign in with. */
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Where documents are kept. */
  readonly bucket: string;
  /** The distribution, as browsers reach it. */
  readonly edge: ReturnType<typeof distributionOf>;
  stop(): Promise<void>;
}

/** The GenAI application at an address of its own. */
export interface RagSite extends SitePlace {
  readonly engine: LocalEngine;
  readonly pool: LocalUserPool;
  /** The same without its ports, for what is to happen while time is skipped. */
  readonly inside: RagPlace;
}

/**
 * Runs the application from its template, with its schedule: what waits, waits on the engine's clock.
 *
 * @throws Error for what of the template is not known here, or does not work
 */
export async function startRag(stack: SynthesizedStack, options: LocalEngineOptions = {}): Promise<RagPlace> {
  const engine = await startEngine(stack, options);
  try {
    return placeOf(stack, engine);
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** Runs the application where a browser reaches it, handlers in threads. @throws Error as {@link startRag}, or for a port that is taken */
export async function openRag(
  stack: SynthesizedStack,
  {
    port = 0,
    ...options
  }: Required<Pick<LocalEngineOptions, 'clock'>> & Omit<LocalEngineOptions, 'handlers'> & { readonly port?: number },
): Promise<RagSite> {
  const engine = await startEngine(stack, { ...options, handlers: 'threads' });
  try {
    const site = await openSite(stack, engine, port);
    const stop = async () => {
      await site.stop();
      await engine.stop();
    };
    return { ...site, engine, inside: placeOf(stack, engine), pool: withTestUsers(engine), stop };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** What a function of the application is told by a variable of its environment. */
export function settingOf(engine: LocalEngine, name: keyof typeof RagEnvironment): string {
  for (const { definition } of engine.functions.values()) {
    const value = definition.environment[RagEnvironment[name]];
    if (value !== undefined) return value;
  }
  throw new Error(`No function has ${RagEnvironment[name]}`);
}

async function startEngine(stack: SynthesizedStack, options: LocalEngineOptions): Promise<LocalEngine> {
  const { clock } = options;
  const secret = await new CustomResources(stack, clock).create('Custom::OriginSecret');
  const deployed = { ...stack, template: withReturnedValues(stack.template, secret) };
  return LocalEngine.start(deployed, { tokenMs: WORD_MS, schedules: true, ...options });
}

function placeOf(stack: SynthesizedStack, engine: LocalEngine): RagPlace {
  const { clientId, scopes } = loginClient(engine);
  return {
    engine,
    pool: withTestUsers(engine),
    clientId,
    scopes,
    bucket: uploadsOf(engine).bucket,
    edge: distributionOf(stack, engine, apiOrigin(engine), ''),
    stop: () => engine.stop(),
  };
}

function withTestUsers(engine: LocalEngine): LocalUserPool {
  const pool = userPoolOf(engine);
  for (const [user, group] of Object.entries(TEST_USERS)) pool.setGroups(user, [group]);
  return pool;
}

/** The API as an origin, without a socket in between: the engine's time does not pass in one. */
function apiOrigin({ api }: LocalEngine): FetchFromOrigin {
  return async ({ method, url, headers, body }) => {
    if (!url.startsWith(`${api.basePath}/`)) throw new Error(`${url} is below no stage of the API`);
    const path = url.slice(api.basePath.length);
    const answer = await api.stream({ method, path, headers, body });
    const stream = Readable.from(answer.body, { objectMode: true });
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.alloc(0), stream };
  };
}
