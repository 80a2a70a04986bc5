import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPattern, patternNamed } from '../../../local/cli/patterns';
import { synthesizePattern } from '../../../local/cli/synthesize-pattern';
import { PATTERNS } from '../../../patterns/patterns';
import { assemblyOf, DEMO_PIPELINE, stackOf } from '../../assemblies';
import { testApp, webAppStacks } from '../../synthesize';

/** Patterns whose long tests say how a command replays them. */
const REPLAYED = [
  ['data-pipeline', 'DataPipeline', DEMO_PIPELINE],
  ['web-app', 'WebApp', {}],
] as const;

describe('a pattern that a command runs', () => {
  it.each(REPLAYED)(
    'is %s as the tests run it, so that a seed repeats their run',
    async (pattern, stackName, options) => {
      const { stack, remove } = await synthesizePattern(patternNamed(pattern));
      const { template, deployment } = await stackOf(stackName, options);
      expect({ template: stack.template, deployment: stack.deployment }).toEqual({ template, deployment });
      remove();
    },
  );

  it('is read from an assembly, which stays', async () => {
    const folder = await assemblyOf('DataPipeline');
    const { stack, remove } = await openPattern('data-pipeline', folder);
    remove();
    expect(stack.template).toEqual((await openPattern('data-pipeline', folder)).stack.template);
  });
});

describe('refuses', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'groundplan-patterns-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('a pattern that there is not', async () => {
    await expect(openPattern('serverless')).rejects.toThrow(
      `Unknown pattern "serverless"; available: ${PATTERNS.map(({ name }) => name).join(', ')}`,
    );
  });

  it('a folder without the stack', async () => {
    await expect(openPattern('event-driven', folder)).rejects.toThrow(
      `${folder} is not a cloud assembly with a stack EventDriven`,
    );
  });

  it('the web app in several stacks', async () => {
    const outdir = join(folder, 'stacks');
    const app = testApp({ outdir });
    webAppStacks(app);
    app.synth();
    await expect(openPattern('web-app', outdir)).rejects.toThrow('has web-app in several stacks');
  });
});
