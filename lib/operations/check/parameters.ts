import { existsSync, readFileSync } from 'node:fs';
import type { TemplateSet } from '../../template/read-templates';
import { CommandError } from '../terminal';

/**
 * Values of parameters, by name: `Stage=prod`, or a file of JSON as the AWS CLI, CodePipeline or a plain map has them. The last value of a
 * name counts.
 *
 * @throws CommandError (exit code 2) for what is none of these
 */
export function parameterValues(given: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    given.flatMap((each) => {
      const file = each.replace(/^file:\/\//, '');
      if (existsSync(file)) return fromFile(file);
      const [, name = '', value = ''] = /^([A-Za-z0-9]+)=(.*)$/s.exec(each) ?? [];
      if (name !== '') return [[name, value] as const];
      throw new CommandError(`--parameters is ${each}; allowed: Name=value, or a file of JSON that exists`, 2);
    }),
  );
}

type Pair = readonly [name: string, value: unknown];

function fromFile(file: string): readonly Pair[] {
  const refused = (why: string) =>
    new CommandError(
      `${file} has no parameters: ${why}; allowed: [{"ParameterKey": "Stage", "ParameterValue": "prod"}]`,
      2,
    );
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw refused(String((error as Error).message.split('\n')[0]));
  }
  if (typeof content !== 'object' || content === null) throw refused('it is no list and no map');
  if (!Array.isArray(content)) {
    const { Parameters } = content as { readonly Parameters?: unknown };
    return Object.entries(typeof Parameters === 'object' && Parameters !== null ? Parameters : content);
  }
  return content.map((each: unknown): Pair => {
    const [, name = '', value = ''] = typeof each === 'string' ? (/^([A-Za-z0-9]+)=(.*)$/s.exec(each) ?? []) : [];
    if (name !== '') return [name, value];
    const { ParameterKey, ParameterValue } = (each ?? {}) as {
      readonly ParameterKey?: unknown;
      ParameterValue?: unknown;
    };
    if (typeof ParameterKey !== 'string') throw refused(`${JSON.stringify(each)} has no ParameterKey`);
    return [ParameterKey, ParameterValue];
  });
}

/** What is wrong with values: no template has the parameter, or a template does not allow the value. One line each. */
export function parameterProblems(values: Readonly<Record<string, unknown>>, set: TemplateSet): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const owners = Object.entries(set.templates).filter(([stack, { Parameters = {} }]) => {
      return Object.hasOwn(Parameters, name) && !set.nested.has(stack);
    });
    if (owners.length === 0) return [`No template has the parameter ${name}`];
    return owners.flatMap(([stack, { Parameters = {} }]) => {
      const { AllowedValues } = (Parameters[name] ?? {}) as { readonly AllowedValues?: unknown };
      if (!Array.isArray(AllowedValues) || AllowedValues.map(String).includes(String(value))) return [];
      return [`${set.files.get(stack) ?? stack}: ${name} is ${String(value)}; allowed: ${AllowedValues.join(', ')}`];
    });
  });
}
