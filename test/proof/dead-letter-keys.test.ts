import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../lib';
import {
  dataPipelineStack,
  eventDrivenTemplate,
  genAiRagTemplate,
  resourcesOf,
  testApp,
  webAppTemplate,
} from '../synthesize';

type Resources = ReturnType<typeof resourcesOf>;

const BUILDS: Readonly<Record<string, () => Resources>> = Object.fromEntries(
  STAGE_NAMES.flatMap((stage) => [
    [`event-driven in ${stage}`, () => resourcesOf(eventDrivenTemplate(stage))],
    [`event-driven in ${stage}, FIFO`, () => resourcesOf(eventDrivenTemplate(stage, { fifo: true }))],
    [
      `data-pipeline in ${stage}, with a warehouse`,
      () => resourcesOf(Template.fromStack(dataPipelineStack(testApp(), stage, { warehouse: true }))),
    ],
    [`web-app in ${stage}`, () => resourcesOf(webAppTemplate(stage))],
    [`genai-rag in ${stage}`, () => resourcesOf(genAiRagTemplate(stage))],
  ]),
);

/** Queues that keep what failed, with the types of resources that name each. */
function deadLetterQueues(resources: Resources): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (owner: string, value: unknown, inside: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    const [id] = ((value as { 'Fn::GetAtt'?: string[] })['Fn::GetAtt'] ?? []) as string[];
    if (inside && id !== undefined && resources[id]?.Type === 'AWS::SQS::Queue') {
      found.set(id, (found.get(id) ?? new Set()).add(owner));
    }
    for (const [key, child] of Object.entries(value)) {
      visit(owner, child, inside || ['RedrivePolicy', 'DeadLetterConfig', 'OnFailure'].includes(key));
    }
  };
  for (const { Type, Properties } of Object.values(resources)) visit(Type, Properties, false);
  return found;
}

describe.each(Object.entries(BUILDS))('what could not be delivered in %s', (_, build) => {
  it('is kept without a key that may be why', () => {
    const resources = build();
    const queues = deadLetterQueues(resources);
    expect(queues.size).toBeGreaterThan(0);
    for (const [id, owners] of queues) {
      const { KmsMasterKeyId, SqsManagedSseEnabled } = resources[id]?.Properties ?? {};
      if (owners.has('AWS::SQS::Queue')) {
        // SQS moves a message as it is encrypted: the source's key, whatever this queue says.
        expect([[...owners], KmsMasterKeyId], id).toEqual([['AWS::SQS::Queue'], expect.anything()]);
      } else {
        expect([KmsMasterKeyId, SqsManagedSseEnabled], id).toEqual([undefined, true]);
      }
    }
  });
});
