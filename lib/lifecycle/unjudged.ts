import { isCustomResource, RESOURCE_TYPES_SOURCE, resourceType } from '../facts/resource-types';
import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import type { Check, Finding } from './finding';
import { byCount, listed } from './wording';

const NOT_JUDGED: Check = {
  check: 'not-judged',
  phase: 'create',
  fix: 'Rehearse the template that CloudFormation makes of it (aws cloudformation get-template --template-stage Processed)',
  source: 'AWS: CloudFormation, Fn::ForEach and transforms',
};
const NO_DATA: Check = {
  check: 'type-not-known',
  phase: 'create',
  fix: "Look up in AWS's reference which of its properties name and replace it",
  source: RESOURCE_TYPES_SOURCE,
};
const NO_TEMPLATE: Check = {
  check: 'nested-stack-not-here',
  phase: 'create',
  fix: 'Rehearse the folder or the cloud assembly that has its template',
  source: 'AWS: CloudFormation, nested stacks',
};

/** A transform that makes no resource by itself: it lets a template have loops, and intrinsics in more places. */
const MAKES_NOTHING = 'AWS::LanguageExtensions';
/** No resource: the CDK notes there what an app uses. */
const METADATA = 'AWS::CDK::Metadata';

/** What a rehearsal passes over, for which it can tell neither that it works nor that it does not. */
export function rehearseUnjudged(index: TemplateIndex): readonly Finding[] {
  return [...index.stackKeys.flatMap((stack) => [...unread(index, stack)]), ...untyped(index), ...unnested(index)];
}

function* unread(index: TemplateIndex, stack: string): Generator<Finding> {
  const { Resources = {}, Transform } = index.template(stack) ?? {};
  const loops = Object.keys(Resources).filter((id) => id.startsWith('Fn::'));
  const transforms = [Transform ?? []]
    .flat()
    .map((each) => (typeof each === 'string' ? each : String((each as { readonly Name?: unknown } | null)?.Name)));
  const macros = transforms.filter((each) => each !== MAKES_NOTHING);
  if (loops.length > 0) {
    const reason = `CloudFormation makes the resources of ${listed(loops)} in ${stack}: they were not judged`;
    yield { ...NOT_JUDGED, weight: 'cannot-tell', resources: [], reason };
  }
  if (macros.length > 0) {
    const written = index.ofStack(stack).filter(({ type }) => type.startsWith('AWS::Serverless::'));
    const reason = `${listed(macros)} ${byCount(macros, 'changes', 'change')} ${stack} before it is deployed: it was judged as it is written, without what the transform makes`;
    yield { ...NOT_JUDGED, weight: 'cannot-tell', resources: written, reason };
  }
}

function* untyped(index: TemplateIndex): Generator<Finding> {
  const unknown = index.resources.filter(
    ({ type }) => resourceType(type) === undefined && !isCustomResource(type) && type !== METADATA,
  );
  if (unknown.length === 0) return;
  const types = [...new Set(unknown.map(({ type }) => type))];
  const reason = `AWS's resource data does not have ${listed(types)}: what names it, replaces it or holds data was not judged`;
  yield { ...NO_DATA, weight: 'cannot-tell', resources: unknown, reason };
}

function* unnested(index: TemplateIndex): Generator<Finding> {
  const missing: readonly TemplateResource[] = index
    .ofType('AWS::CloudFormation::Stack')
    .filter((each) => index.madeBy(each).length === 0);
  if (missing.length === 0) return;
  const reason = `${byCount(missing, 'Its template is', 'Their templates are')} not among these: what is in ${byCount(missing, 'it', 'them')} was not judged`;
  yield { ...NO_TEMPLATE, weight: 'cannot-tell', resources: missing, reason };
}
