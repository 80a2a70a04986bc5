import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { eventDrivenStack, eventDrivenTemplate, resourcesOf, testApp } from '../synthesize';
import { fileOf } from './committed-fixture';
import { type JsonObject, normalized, printed } from './readable-template';

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);

/** The lines in which a template is other than what is committed, place by place: one line more, and all that follow are. */
function changedLines(name: string, template: JsonObject): string[] {
  const [before, after] = [linesOf(fileOf(name)), printed(normalized(template)).split('\n').slice(0, -1)];
  const places = Array.from({ length: Math.max(before.length, after.length) }, (_, place) => place);
  return places.flatMap((place) => {
    const [was = '', is = ''] = [before[place], after[place]];
    return was === is ? [] : [`- ${was.trim()}`, `+ ${is.trim()}`];
  });
}

/** Changes a property of the resource with a logical id. */
function setProperty(stack: Stack, logicalId: string, property: string, value: number): void {
  const resource = stack.node
    .findAll()
    .find((node) => CfnResource.isCfnResource(node) && stack.resolve(node.logicalId) === logicalId);
  if (!(resource instanceof CfnResource)) throw new Error(`No resource is called ${logicalId}`);
  resource.addPropertyOverride(property, value);
}

const versionsOf = (template: Template) => Object.keys(resourcesOf(template, 'AWS::Lambda::Version'));

describe('what is committed of templates', () => {
  it('is short enough to be read: fewer than 35,000 lines', () => {
    const root = join(__dirname, '..');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(^snapshots\/.*\.json|__snapshots__\/.*)$/.test(file.replaceAll('\\', '/')),
    );
    expect(files.length).toBeGreaterThan(18);
    const lines = files.map((file) => linesOf(join(root, file)).length);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(35_000);
  });

  it('changes by two lines with a property of a resource, and by none with the hash of a version', () => {
    const stack = eventDrivenStack(testApp());
    setProperty(stack, 'ShopOrdersApiFunctionEBACE38E', 'MemorySize', 3008);
    setProperty(stack, 'ShopBillingWorkDeadLetterQueueA77F94FD', 'MessageRetentionPeriod', 86_400);
    setProperty(stack, 'ShopAlarmsBillingQueueAge32482F09', 'Threshold', 17);
    const changed = Template.fromStack(stack);
    expect(versionsOf(changed)).not.toEqual(versionsOf(eventDrivenTemplate('dev')));
    expect(changedLines('event-driven.dev', changed.toJSON())).toEqual([
      '- "Threshold": 300,',
      '+ "Threshold": 17,',
      '- "MessageRetentionPeriod": 1209600,',
      '+ "MessageRetentionPeriod": 86400,',
      '- "MemorySize": 1024,',
      '+ "MemorySize": 3008,',
    ]);
  });
});
