import { listOf } from '../template/policy-statements';
import type { TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';
import { Referrers } from './referrers';

/** Where asynchronous invocations come from, and the property that names the function. */
const SOURCES: Readonly<Record<string, string>> = {
  'AWS::SNS::Subscription': 'Endpoint',
  'AWS::Events::Rule': 'Targets',
  'AWS::Scheduler::Schedule': 'Target',
  'AWS::S3::Bucket': 'NotificationConfiguration',
  'Custom::S3BucketNotifications': 'NotificationConfiguration',
};

/** What a property invokes: the targets of a rule or a schedule name it, and much else, such as a role. */
function targetsIn(value: unknown): readonly unknown[] {
  return listOf(value).map((target) => (target as { Arn?: unknown } | null)?.Arn ?? target);
}

/** What invokes functions without waiting for their answers, by the functions, themselves or behind an alias or version. */
const sources = (inventory: Inventory): Referrers =>
  new Referrers(inventory.ofType(...Object.keys(SOURCES)), (source) =>
    targetsIn(source.properties[SOURCES[source.type] ?? '']).flatMap((value) =>
      [...inventory.references(source, value)].flatMap(({ resource: target }) => [
        target,
        ...[inventory.referent(target, target.properties['FunctionName']) ?? []].flat(),
      ]),
    ),
  );

/** What invokes a function without waiting for its answer. */
export function asynchronousSources(fn: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return inventory.once(sources).of(fn);
}
