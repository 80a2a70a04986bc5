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

/** What invokes a function without waiting for its answer. */
export function asynchronousSources(fn: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  return Object.entries(SOURCES).flatMap(([type, property]) =>
    inventory.ofType(type).filter((source) => {
      const value = source.properties[property];
      const candidates = Array.isArray(value) ? value.map((target) => (target as { Arn?: unknown }).Arn) : [value];
      return candidates.some((candidate) => {
        const target = inventory.referent(source, candidate);
        return (
          target === fn ||
          (target !== undefined && inventory.referent(target, target.properties['FunctionName']) === fn)
        );
      });
    }),
  );
}
