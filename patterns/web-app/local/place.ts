import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import { openSite, type SitePlace } from '../../../local/scenarios/site-place';
import { deployWebApp, type WebAppDeployment } from './deployment';

/** The web app as it runs here, at an address of its own. */
export interface WebAppPlace extends SitePlace, Pick<WebAppDeployment, 'postgres' | 'redis'> {
  readonly engine: LocalEngine;
}

/** How to run it: with real time, and a database that listens. */
export type WebAppPlaceOptions = Required<Pick<LocalEngineOptions, 'clock'>> &
  Pick<LocalEngineOptions, 'seed' | 'faults' | 'code' | 'onLog'> & {
    /** Where the distribution listens. @default 0 - a free port */
    readonly port?: number;
  };

/**
 * Runs the web app from its template, all of it in one stack.
 *
 * @throws Error for what of the template is not known here, or does not work; or for a port that is taken
 */
export async function startWebApp(
  stack: SynthesizedStack,
  { port = 0, ...options }: WebAppPlaceOptions,
): Promise<WebAppPlace> {
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const deployment = await deployWebApp(stack, options.clock);
    ends.push(() => deployment.stop());
    const engine = await LocalEngine.start(deployment.stack, { handlers: 'threads', ...options });
    ends.push(() => engine.stop());
    const site = await openSite(stack, engine, port);
    ends.push(() => site.stop());
    const { postgres, redis } = deployment;
    return { ...site, engine, postgres, ...(redis !== undefined && { redis }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
