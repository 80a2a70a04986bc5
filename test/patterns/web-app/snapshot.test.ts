import { describe, expect, it } from 'vitest';
import type { STAGE_NAMES } from '../../../lib';
import { readable, testApp, webAppStacks } from '../../synthesize';

const snapshot = (name: string) => `../../snapshots/web-app.${name}.json`;

/** Templates of the web app's stacks, by the stack's name. */
function templatesOf(stage: (typeof STAGE_NAMES)[number], compute: 'lambda' | 'fargate'): Record<string, unknown> {
  const app = testApp();
  webAppStacks(app, stage, { compute });
  return Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template]));
}

type Templates = Record<string, { Resources?: Record<string, unknown> }>;

/** Resources of all stacks, by `Stack/LogicalId`. */
function resourcesOf(templates: Templates): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(templates).flatMap(([stack, { Resources = {} }]) =>
      Object.entries(Resources).map(([id, resource]) => [`${stack}/${id}`, resource]),
    ),
  );
}

describe('the templates of the web app', () => {
  it.each(['dev', 'prod'] as const)('are as committed in %s', async (stage) => {
    await expect(readable(templatesOf(stage, 'lambda'))).toMatchFileSnapshot(snapshot(stage));
  });

  it.each([
    ['staging', 'staging', 'lambda', 'prod', 'lambda'],
    ['fargate', 'prod', 'fargate', 'prod', 'lambda'],
  ] as const)('differ in %s by what is committed', async (name, stage, compute, fromStage, fromCompute) => {
    const before = resourcesOf(templatesOf(fromStage, fromCompute) as Templates);
    const after = resourcesOf(templatesOf(stage, compute) as Templates);
    const changed = Object.entries(after).filter(([id, now]) => JSON.stringify(now) !== JSON.stringify(before[id]));
    const gone = Object.keys(before).filter((id) => !(id in after));
    await expect(readable({ changed: Object.fromEntries(changed), gone })).toMatchFileSnapshot(snapshot(name));
  });
});
