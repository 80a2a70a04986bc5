import { bucketsWrittenBy } from '../facts/bucket-writers';
import { statementsIn } from '../template/policy-statements';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import { valuesAt } from './values-at';

/** What starts a function without a caller, and the paths of the properties that name the function. */
const TRIGGERS: Readonly<Record<string, readonly string[]>> = {
  'AWS::Events::Rule': ['Targets'],
  'AWS::Lambda::EventSourceMapping': ['FunctionName'],
  'AWS::Pipes::Pipe': ['Target', 'Enrichment'],
  'AWS::Scheduler::Schedule': ['Target'],
};

/** An action that puts objects into a bucket, as a policy may write it. */
const PUTS = /^(\*|s3:(\*|Put(\*|Object\*?|O.*\*)))$/;

/** What goes on writing into a bucket until it is deleted itself: services that deliver into it, and what starts functions that do. */
export function writersOf(index: TemplateIndex, bucket: TemplateResource): readonly TemplateResource[] {
  const names = (from: TemplateResource, value: unknown) => index.mentions(from, value, bucket);
  const services = index.resources.filter(
    (each) =>
      each !== bucket &&
      bucketsWrittenBy(each.type).some((path) => valuesAt(each.properties, path).some((value) => names(each, value))),
  );
  const triggers = functionsThatPut(index, bucket).flatMap((each) => triggersOf(index, each));
  return [...new Set([...services, ...triggers])];
}

function functionsThatPut(index: TemplateIndex, bucket: TemplateResource): readonly TemplateResource[] {
  const roles = new Set(
    index
      .ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
      .filter((policy) => statementsIn(policy.properties['PolicyDocument']).some((each) => putsInto(policy, each)))
      .flatMap((policy) => [...index.references(policy, policy.properties['Roles'])].map(({ resource }) => resource)),
  );
  return index.ofType('AWS::Lambda::Function').filter((each) => {
    const role = index.referent(each, each.properties['Role']);
    return role !== undefined && roles.has(role);
  });

  function putsInto(policy: TemplateResource, statement: ReturnType<typeof statementsIn>[number]): boolean {
    const { effect, actions, resources } = statement;
    if (effect !== 'Allow' || !actions.some((action) => PUTS.test(action))) return false;
    return resources.some((each) => index.mentions(policy, each, bucket) || hasNameOf(each, bucket));
  }
}

/** Whether an ARN is made of the name that the template gives to a bucket, not of a reference to it. */
function hasNameOf(arn: unknown, bucket: TemplateResource): boolean {
  const name = bucket.properties['BucketName'];
  return name !== undefined && JSON.stringify(arn).includes(inner(name));
}

/** A name as it stands within another one: what `Fn::Join` puts together, without the brackets. */
function inner(name: unknown): string {
  const text = JSON.stringify(name);
  return /^\{"Fn::Join":\["",\[(.*)\]\]\}$/.exec(text)?.[1] ?? text;
}

/** What starts a function, its aliases or its versions without a caller. */
function triggersOf(index: TemplateIndex, fn: TemplateResource): readonly TemplateResource[] {
  const targets = [fn];
  for (const each of index.ofType('AWS::Lambda::Version', 'AWS::Lambda::Alias')) {
    if (index.mentions(each, each.properties['FunctionName'], fn)) targets.push(each);
  }
  return index
    .ofType(...Object.keys(TRIGGERS))
    .filter((trigger) =>
      (TRIGGERS[trigger.type] ?? []).some((path) =>
        targets.some((target) => index.mentions(trigger, trigger.properties[path], target)),
      ),
    );
}
