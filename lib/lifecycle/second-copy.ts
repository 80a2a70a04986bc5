import type { TemplateIndex } from '../template/template-index';
import type { TemplateDocument, TemplateResource } from '../template/template-resource';
import type { Check, Finding } from './finding';
import { givenName } from './name-origin';

const COPY: Check = {
  check: 'second-copy-collides',
  phase: 'copy',
  fix: 'Leave the name out, so that CloudFormation makes one, or make it of the stack (AWS::StackName, or AWS::StackId)',
  source: 'AWS: CloudFormation, name type',
};
const UNKNOWN: Check = {
  ...COPY,
  check: 'cannot-tell-copy',
  fix: 'Give each copy another value, or make the name of the stack',
};

/** The same templates once more in the same account and region, under other stack names. */
export function rehearseSecondCopy(
  index: TemplateIndex,
  templates: Readonly<Record<string, TemplateDocument>>,
): readonly Finding[] {
  const found: Finding[] = [];
  const named = index.resources.map((resource) => ({ resource, name: givenName(index, resource) }));
  const ofOrigin = (origin: string): TemplateResource[] =>
    named.flatMap(({ resource, name }) => (name?.origin === origin ? [resource] : []));
  const fixed = ofOrigin('fixed');
  if (fixed.length > 0) {
    const reason = 'Its name is the same in each copy of the stack: the second one fails, "already exists"';
    found.push({ ...COPY, weight: 'fault', resources: fixed, reason });
  }
  const unknown = ofOrigin('unknown');
  if (unknown.length > 0) {
    const reason = 'Its name comes from a parameter or another stack';
    found.push({ ...UNKNOWN, weight: 'cannot-tell', resources: unknown, reason });
  }
  for (const [stack, { Outputs = {} }] of Object.entries(templates)) {
    const names = Object.values(Outputs).flatMap(({ Export }) => {
      const name = Export?.Name;
      // The CDK writes the stack's name as text, and another with each name that it synthesizes.
      return typeof name === 'string' && !name.startsWith(`${stack}:`) ? [name] : [];
    });
    const [first] = index.resources.filter((resource) => resource.stack === stack);
    if (names.length === 0 || first === undefined) continue;
    const reason = `The stack exports ${names.join(', ')}, which a second copy would export again`;
    found.push({ ...COPY, weight: 'fault', resources: [first], reason });
  }
  return found;
}
