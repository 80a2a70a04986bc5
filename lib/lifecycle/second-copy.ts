import type { TemplateIndex } from '../template/template-index';
import type { TemplateResource } from '../template/template-resource';
import type { Check, Finding } from './finding';
import { type GivenName, givenName, type NameOrigin, originOf } from './name-origin';
import { byCount, listed } from './wording';

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
const EXPORTS: Check = {
  ...COPY,
  check: 'second-copy-exports',
  fix: "Make the export's name of AWS::StackName",
  source: 'AWS: CloudFormation, outputs: export names are unique in an account and region',
};

/** The same templates once more in the same account and region, under other stack names. */
export function rehearseSecondCopy(index: TemplateIndex): readonly Finding[] {
  return [...collidingNames(index), ...collidingExports(index)];
}

function* collidingNames(index: TemplateIndex): Generator<Finding> {
  const named = new Map<TemplateResource, GivenName>();
  for (const resource of index.resources) {
    const name = givenName(index, resource);
    if (name !== undefined) named.set(resource, name);
  }
  const ofOrigin = (origin: NameOrigin) =>
    [...named]
      .filter(([resource, name]) => name.origin === origin && !follows(resource, name))
      .map(([resource]) => resource);
  const fixed = ofOrigin('fixed');
  if (fixed.length > 0) {
    const [name, is] = fixed.length === 1 ? ['Its name', 'is'] : ['Their names', 'are'];
    const reason = `${name} ${is} the same in each copy of the stack: the second one fails, "already exists"`;
    yield { ...COPY, weight: 'fault', resources: fixed, reason };
  }
  const unknown = ofOrigin('unknown');
  if (unknown.length > 0) {
    const name = byCount(unknown, 'Its name comes', 'Their names come');
    const reason = `${name} from a parameter, a condition or another stack: a second copy fails where the name is the same`;
    yield { ...UNKNOWN, weight: 'cannot-tell', resources: unknown, reason };
  }

  /** A name that is made of the name of another resource is like that one: the other one is the cause. */
  function follows(resource: TemplateResource, { origin, values }: GivenName): boolean {
    return [...index.references(resource, values)].some(
      (each) => each.resource !== resource && named.get(each.resource)?.origin === origin,
    );
  }
}

function* collidingExports(index: TemplateIndex): Generator<Finding> {
  for (const stack of index.stackKeys) {
    const outputs = Object.values(index.template(stack)?.Outputs ?? {}).filter(
      (each) => each?.Export?.Name !== undefined,
    );
    const byOrigin = (wanted: NameOrigin) =>
      outputs.filter(({ Export }) => exportOrigin(index, stack, Export?.Name) === wanted);
    for (const [origin, weight, will] of [
      ['fixed', 'fault', 'would export'],
      ['unknown', 'cannot-tell', 'may export'],
    ] as const) {
      const found = byOrigin(origin);
      const shown = found.map(({ Export }) => index.exportName(stack, Export?.Name) ?? JSON.stringify(Export?.Name));
      const resources = found.flatMap(({ Value }) => index.referent({ stack }, Value) ?? []);
      if (found.length === 0) continue;
      const reason = `${stack} exports ${listed(shown)}, which a second copy ${will} again`;
      yield { ...EXPORTS, weight, resources: [...new Set(resources)], reason };
    }
  }
}

function exportOrigin(index: TemplateIndex, stack: string, name: unknown): NameOrigin {
  // The CDK writes the stack's name as text, and another with each name that it synthesizes.
  if (typeof name === 'string' && name.startsWith(`${index.realName(stack)}:`)) return 'stack-name';
  return originOf(index, { stack }, name);
}
