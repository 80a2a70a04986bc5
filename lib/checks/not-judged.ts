import { isCustomResource, resourceType } from '../facts/resource-types';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import { RULES } from './rules';

/** What no rule has looked at, and why. */
export interface NotJudged {
  /** Id of the reason. */
  readonly reason:
    | 'sam-source'
    | 'transform'
    | 'loop'
    | 'nested-stack-not-here'
    | 'custom-resource'
    | 'type-not-known'
    | 'no-rule';
  /** The reason for a person, to be followed by the types. */
  readonly why: string;
  readonly count: number;
  /** Types, or names of macros and loops, with how many there are of each. */
  readonly types: Readonly<Record<string, number>>;
}

const WHY: Readonly<Record<NotJudged['reason'], string>> = {
  'sam-source':
    'written for the SAM transform: check what it makes of them (aws cloudformation get-template --template-stage Processed)',
  transform: 'what these transforms change or add',
  loop: 'what these loops make',
  'nested-stack-not-here': 'the template of the nested stack is not here',
  'custom-resource': 'custom resources: their own code decides what they do',
  'type-not-known': "types that AWS's resource data does not have",
  'no-rule': 'no rule is about these types',
};

/** A transform that makes no resource by itself. */
const MAKES_NOTHING = 'AWS::LanguageExtensions';
const SAM = /^AWS::Serverless(-|::)/;
/** No resource: the CDK notes there what an app uses. */
const METADATA = 'AWS::CDK::Metadata';
const NESTED = 'AWS::CloudFormation::Stack';

/** What was not judged in templates, by reason, each with a count. */
export function notJudged(index: TemplateIndex, resources: readonly TemplateResource[]): readonly NotJudged[] {
  const judged = new Set(RULES.flatMap(({ types }) => types));
  const found = new Map<NotJudged['reason'], string[]>();
  const add = (reason: NotJudged['reason'], type: string): void => {
    const known = found.get(reason);
    if (known === undefined) found.set(reason, [type]);
    else known.push(type);
  };
  for (const stack of index.stackKeys) {
    const { Resources = {}, Transform } = index.template(stack) ?? {};
    for (const id of Object.keys(Resources)) if (id.startsWith('Fn::')) add('loop', `${id} in ${stack}`);
    for (const macro of [Transform ?? []].flat()) {
      const name = typeof macro === 'string' ? macro : String((macro as { readonly Name?: unknown } | null)?.Name);
      if (name !== MAKES_NOTHING && !SAM.test(name)) add('transform', `${name} in ${stack}`);
    }
  }
  for (const resource of resources) {
    const reason = reasonFor(resource, index, judged);
    if (reason !== undefined) add(reason, resource.type);
  }
  return [...found].map(([reason, types]) => ({
    reason,
    why: WHY[reason],
    count: types.length,
    types: counted(types),
  }));
}

function reasonFor(
  resource: TemplateResource,
  index: TemplateIndex,
  judged: ReadonlySet<string>,
): NotJudged['reason'] | undefined {
  const { type } = resource;
  if (SAM.test(type)) return 'sam-source';
  if (type === NESTED) return index.madeBy(resource).length === 0 ? 'nested-stack-not-here' : undefined;
  if (judged.has(type) || type === METADATA) return undefined;
  if (isCustomResource(type)) return 'custom-resource';
  return resourceType(type) === undefined ? 'type-not-known' : 'no-rule';
}

function counted(types: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}
