import { listOf } from '../template/policy-statements';
import type { TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';

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

/** What invokes a function without waiting for its answer. */
export function asynchronousSources(fn: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return Object.entries(SOURCES).flatMap(([type, property]) =>
    inventory.ofType(type).filter((source) => {
      return targetsIn(source.properties[property]).some((value) =>
        [...inventory.references(source, value)].some(
          ({ resource: target }) =>
            target === fn || inventory.referent(target, target.properties['FunctionName']) === fn,
        ),
      );
    }),
  );
}
