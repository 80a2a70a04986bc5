import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { fuzz } from '../../../local/fuzz/fuzz';
import type { FuzzTarget } from '../../../local/fuzz/target';
import { buildHandlers } from '../../../local/weaken/build-handlers';
import type { SourceChange } from '../../../local/weaken/weakening';

/** A pattern that is sent drawn requests, as it is and with a handler that is weakened. */
export class FuzzFixture {
  private readonly folders: string[] = [];

  constructor(readonly stack: SynthesizedStack) {}

  /** Handlers of a changed source. @throws Error for a service that the pattern does not have: nothing would be weakened */
  async weakened({ handlers, source, replace }: SourceChange): Promise<Record<string, string>> {
    const template = JSON.stringify(this.stack.template);
    for (const service of Object.keys(handlers)) {
      if (!template.includes(`"POWERTOOLS_SERVICE_NAME":"${service}"`)) throw new Error(`No function is ${service}`);
    }
    const code = await buildHandlers(handlers, source, replace);
    this.folders.push(...Object.values(code).map((folder) => dirname(folder)));
    return code;
  }

  end(): void {
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What is wrong, in one text, and the requests that show it; both empty after a good run. A test that looks at the requests asks for
 * the smallest run.
 */
export async function found(
  target: FuzzTarget | Promise<FuzzTarget>,
  {
    seed = 1,
    requests = 300,
    smallest = false,
  }: { readonly seed?: number; readonly requests?: number; readonly smallest?: boolean } = {},
) {
  const open = await target;
  try {
    const { failure, ...tally } = await fuzz(open, { seed, requests, ...(!smallest && { shrinks: 0 }) });
    return { ...tally, faults: (failure?.faults ?? []).join('\n'), lines: failure?.requests ?? [] };
  } finally {
    await open.close();
  }
}
