import { stringify } from 'yaml';
import { CATALOGUE } from '../../catalogue/catalogue';
import { brokenTemplates, fixedTemplate } from '../../checks/example';
import type { Rule } from '../../checks/rule';
import { RULES } from '../../checks/rules';
import { wrapped } from '../../lifecycle/wording';
import { CommandError } from '../terminal';
import { tierOf } from './options';

/** What a rule is for, what to do, and an example. @throws CommandError (exit code 2) for an id that is no rule */
export function explained(id: string): string {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new CommandError(unknown(id), 2);
  const { title, severity, profile, why, fix, address, types, example } = rule;
  const [broken] = example.broken;
  const [brokenTemplate] = brokenTemplates(example);
  const changes = Object.entries(broken ?? {}).map(([path, value]) =>
    value === null ? `without ${path}` : `${path}: ${JSON.stringify(value)}`,
  );
  return [
    `${id} (${severity}, ${profile}, tier ${tierOf(id)})`,
    [...wrapped('', `${title}.`), '', ...wrapped('', `Otherwise: ${why}`)].join('\n'),
    wrapped('Fix: ', fix).join('\n'),
    `Looks at: ${types.join(', ')}`,
    `AWS: ${address}`,
    `Keeps the rule:\n\n${asYaml(fixedTemplate(example))}`,
    `Breaks it (${changes.join('; ')}):\n\n${asYaml(brokenTemplate)}`,
  ].join('\n\n');
}

/** Every rule, one line each, in the order of the catalogue's services. */
export function listedRules(rules: readonly Rule[]): string {
  const widest = Math.max(...rules.map(({ id }) => id.length));
  return rules
    .map(({ id, severity, profile, title }) =>
      [id.padEnd(widest), severity.padEnd(7), profile.padEnd(11), `tier ${tierOf(id)}`, title].join('  '),
    )
    .join('\n');
}

function unknown(id: string): string {
  const row = CATALOGUE.find((each) => each.id === id);
  if (row !== undefined) return `${id} has no rule. ${row.claim}`;
  return `${id} is no rule; groundplan check --list prints all of them`;
}

function asYaml(template: unknown): string {
  return stringify(template, { lineWidth: 110 }).trimEnd().replace(/^/gm, '  ');
}
