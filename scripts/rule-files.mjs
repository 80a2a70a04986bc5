// The texts that a new rule begins with.

const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Files of a rule that asks for a property, by path. @throws Error for what cannot be an id, a type or an address */
export function ruleFiles({ id, service, type, property, title, why, fix, severity, profile, address }) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id))
    throw new Error(`An id is words with hyphens, such as sqs-dlq-required, not ${id}`);
  if (!/^AWS::\w+::\w+$/.test(type))
    throw new Error(`--type is a type of CloudFormation, such as AWS::SQS::Queue, not ${type}`);
  if (!/^\w+(\.\w+)*$/.test(property))
    throw new Error(`--property is a path, such as RedrivePolicy.maxReceiveCount, not ${property}`);
  if (!['error', 'warning', 'advice'].includes(severity))
    throw new Error(`--severity is error, warning or advice, not ${severity}`);
  if (!['correctness', 'security', 'operations', 'cost'].includes(profile)) {
    throw new Error(`--profile is correctness, security, operations or cost, not ${profile}`);
  }
  if (!/^https:\/\/(docs\.)?aws\.amazon\.com\/\S+$/.test(address))
    throw new Error(`--address is a page of AWS, not ${address}`);
  const name = id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
  const nested = property
    .split('.')
    .reverse()
    .reduce((value, key) => `{ ${key}: ${value} }`, "'value'");
  return {
    [`lib/checks/rules/${service}/${id}.ts`]: `import { mustHold, type Rule } from '../../rule';

export const ${name}: Rule = {
  id: ${quoted(id)},
  title: ${quoted(title)},
  why: ${quoted(why)},
  fix: ${quoted(fix)},
  severity: '${severity}',
  profile: '${profile}',
  address: ${quoted(address)},
  example: {
    fixed: { Example: { Type: '${type}', Properties: ${nested} } },
    broken: [{ 'Example.Properties.${property}': null }],
  },
  types: ['${type}'],
  check: (resource) => mustHold(resource.has('${property}'), '${property} is not set'),
};
`,
    [`test/lib/checks/rules/${service}/${id}.test.ts`]: `import { ${name} } from '../../../../../lib/checks/rules/${service}/${id}';
import { cases, type Literals } from '../../literal-fixture';

const base: Literals = { Example: ['${type}', ${nested}] };

cases(${name}, base, [
  ['compliant', 'it is set'],
  ['violation', 'it is not', { 'Example.${property}': undefined }, '${property} is not set'],
]);
`,
  };
}

/** The rows of a service with one more, where there is none of the id. It touches no pattern until someone says so. */
export function withRow(text, { id, title }) {
  if (text.includes(`id: '${id}'`)) return text;
  const at = text.lastIndexOf('] as const');
  if (at < 0) throw new Error('The rows do not end as rows do: "] as const"');
  return `${text.slice(0, at)}  {
    id: ${quoted(id)},
    guideLines: [],
    tier: 2,
    derived: true,
    patterns: [],
    mechanisms: [],
    claim: ${quoted(`${title}.`)},
    condition: ${quoted(`the rule \`${id}\``)},
    outside: 'A rule for stacks of others: no pattern of this package has such a resource.',
  },
${text.slice(at)}`;
}
