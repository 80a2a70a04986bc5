import { describe, it } from 'vitest';
import type { StageName } from '../../../lib';
import { expectCommitted, expectCommittedDifference } from '../../snapshots/committed-fixture';
import type { JsonObject } from '../../snapshots/readable-template';
import { testApp, webAppStacks } from '../../synthesize';

const synthesized = new Map<string, JsonObject>();

/** Templates of the web app's stacks, by the stack's name; each app is synthesized once. */
function templatesOf(stage: StageName, compute: 'lambda' | 'fargate'): JsonObject {
  const known = synthesized.get(`${stage}.${compute}`);
  if (known !== undefined) return known;
  const app = testApp();
  webAppStacks(app, stage, { compute });
  const templates = Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template]));
  synthesized.set(`${stage}.${compute}`, templates);
  return templates;
}

describe('the templates of the web app', () => {
  it('are as committed in dev', async () => {
    await expectCommitted('web-app.dev', templatesOf('dev', 'lambda'));
  });

  it.each([
    ['staging', 'staging', 'lambda', 'dev'],
    ['prod', 'prod', 'lambda', 'dev'],
    ['fargate', 'prod', 'fargate', 'prod'],
  ] as const)('differ in %s by what is committed', async (name, stage, compute, fromStage) => {
    const templates = [templatesOf(fromStage, 'lambda'), templatesOf(stage, compute)] as const;
    await expectCommittedDifference(`web-app.${name}`, templates, [fromStage, name]);
  });
});
