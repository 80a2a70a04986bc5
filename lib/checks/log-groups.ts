import { textOf, UNKNOWN } from '../template/literal-text';
import { isIntrinsic, type TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';
import { Referrers } from './referrers';

/** Where Lambda writes without LoggingConfig (AWS: Lambda, CloudWatch log groups). */
const LAMBDA = '/aws/lambda/';
/** The CDK's `logRetention` sets the retention of the log group that Lambda makes. */
const KEEPERS = ['AWS::Logs::LogGroup', 'Custom::LogRetention'];

/** Log groups, and what the CDK sets their retention by, by the functions that they are named after. */
const namedAfter = (inventory: Inventory): Referrers => {
  const byName = new Map<string, TemplateResource[]>();
  for (const fn of inventory.ofType('AWS::Lambda::Function')) {
    const name = written(fn.properties['FunctionName']);
    if (name !== undefined) byName.set(`${fn.stack} ${LAMBDA}${name}`, [fn]);
  }
  return new Referrers(inventory.ofType(...KEEPERS), (group) => {
    // Without a number of days it keeps them for good.
    if (group.type === 'Custom::LogRetention' && !group.has('RetentionInDays')) return [];
    const name = group.properties['LogGroupName'];
    const named = byName.get(`${group.stack} ${written(name) ?? ''}`);
    if (named !== undefined) return named;
    return textOf(name) === `${LAMBDA}${UNKNOWN}` ? [inventory.referent(group, name) ?? []].flat() : [];
  });
};

/** A name as a template writes it: a text, or the text of a `Fn::Sub`, whose placeholders stand for the same in both. `Ref` is one. */
function written(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isIntrinsic(value)) return undefined;
  const { 'Fn::Sub': text, Ref: name } = value;
  if (typeof name === 'string') return `\${${name}}`;
  return typeof text === 'string' ? text : undefined;
}

/**
 * What says where a function's lines are kept, and for how long: the log group that it names, or one that has the name which Lambda would
 * give it. Empty where Lambda makes the log group itself.
 */
export function logGroupsOf(fn: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  if (!fn.has('LoggingConfig.LogGroup')) return inventory.once(namedAfter).of(fn);
  const group = inventory.referent(fn, fn.get('LoggingConfig.LogGroup'));
  return group === undefined ? [] : [group];
}
