import { CATALOGUE } from '../../catalogue/catalogue';
import type { Profile, Rule, Severity } from '../../checks/rule';
import { RULES } from '../../checks/rules';
import { parsed } from '../options';
import { CommandError } from '../terminal';
import { parameterValues } from './parameters';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'advice'];
const PROFILES: readonly Profile[] = ['correctness', 'security', 'operations', 'cost'];
const TIERS = ['1', '2', '3'] as const;
const FORMATS = ['text', 'json', 'sarif', 'junit', 'markdown'] as const;
/** `eu-west-1`, `us-gov-east-1`. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

export type Format = (typeof FORMATS)[number];

/** What `groundplan check` was asked for. */
export interface CheckOptions {
  readonly paths: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly region: string | undefined;
  readonly format: Format;
  /** From which severity on a finding ends the command with 1. */
  readonly severity: Severity;
  readonly rules: readonly Rule[];
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  readonly explain: string | undefined;
  readonly list: boolean;
}

export const USAGE = `Usage: groundplan check [cdk.out | template.json | template.yaml | folder ...] [options]
       groundplan check --explain <rule>
       groundplan check --list

Judges CloudFormation templates by the rules of the catalogue: several stacks together, with the references between
them. Prints what is wrong, worst first, one finding for each cause, and what was not judged.

  --parameters <p>         a value as Stage=prod (repeatable), or a JSON file of parameters as the AWS CLI takes it
  --region <region>        where the stacks are deployed, if their app does not say
  --format <format>        ${FORMATS.join(', ')}; default text
  --severity <severity>    ends with 1 for a finding of it or worse: ${SEVERITIES.join(', ')}; default error
  --profile <p,...>        only rules of these profiles: ${PROFILES.join(', ')}
  --tier <t,...>           only rules of these tiers: 1 is outages, lost data, leaks and large bills
  --only <rule,...>        only these rules
  --skip <rule,...>        all rules but these
  --write-baseline <file>  writes what is found to a file, and ends with 0
  --baseline <file>        leaves out what is in that file
  --explain <rule>         prints what a rule is for, what to do, and an example
  --list                   prints all rules
  --help                   prints this

Without a path it reads cdk.out. A template acknowledges a finding in Metadata of a resource, or of the whole template:
  groundplan: { acknowledge: { sqs-dlq-required: { reason: 'The sender sends again', until: '2027-01-31' } } }

Conditions are decided by the values of parameters: given, or their defaults. What depends on a parameter without a value
is judged for each value that it allows, up to eight combinations. Exit code: 0 nothing as severe as --severity, 1 a
finding, 2 something could not be read; the rest is judged.`;

/** Reads the options. @throws CommandError (exit code 2) for one that cannot be met */
export function readCheckOptions(args: readonly string[]): CheckOptions {
  const text = { type: 'string' } as const;
  const list = { type: 'string', multiple: true } as const;
  const { values, positionals } = parsed({
    args: [...args],
    options: {
      parameters: list,
      region: text,
      format: text,
      severity: text,
      profile: list,
      tier: list,
      only: list,
      skip: list,
      baseline: text,
      'write-baseline': text,
      explain: text,
      list: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const { region } = values;
  if (region !== undefined && !REGION.test(region)) throw notAllowed('--region', region, 'a region such as eu-west-1');
  return {
    paths: positionals.length === 0 ? ['cdk.out'] : positionals,
    parameters: parameterValues(values.parameters ?? []),
    region,
    format: oneOf('--format', values.format ?? 'text', FORMATS),
    severity: oneOf('--severity', values.severity ?? 'error', SEVERITIES),
    rules: chosenRules({
      profiles: severalOf('--profile', values.profile, PROFILES),
      tiers: severalOf('--tier', values.tier, TIERS),
      only: severalOf('--only', values.only, ids()),
      skip: severalOf('--skip', values.skip, ids()),
    }),
    baseline: values.baseline,
    writeBaseline: values['write-baseline'],
    explain: values.explain,
    list: values.list,
  };
}

/** The tier of a rule's gotcha. */
export function tierOf(id: string): 1 | 2 | 3 {
  return TIER.get(id) ?? 1;
}

const TIER = new Map<string, 1 | 2 | 3>(CATALOGUE.map(({ id, tier }) => [id, tier]));
const ids = (): readonly string[] => RULES.map(({ id }) => id);

interface Choice {
  readonly profiles: readonly string[];
  readonly tiers: readonly string[];
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

function chosenRules({ profiles, tiers, only, skip }: Choice): readonly Rule[] {
  const isIn = (list: readonly string[], value: string) => list.length === 0 || list.includes(value);
  const rules = RULES.filter(
    ({ id, profile }) =>
      isIn(profiles, profile) && isIn(tiers, String(tierOf(id))) && isIn(only, id) && !skip.includes(id),
  );
  if (rules.length === 0)
    throw new CommandError('No rule is left: --profile, --tier, --only and --skip leave out all of them', 2);
  return rules;
}

function severalOf<T extends string>(name: string, given: readonly string[] | undefined, allowed: readonly T[]): T[] {
  return (given ?? []).flatMap((each) => each.split(',')).map((each) => oneOf(name, each.trim(), allowed));
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  const is = allowed.length > 10 ? 'a rule; groundplan check --list prints all of them' : allowed.join(', ');
  throw notAllowed(name, value, is);
}

function notAllowed(name: string, value: string, allowed: string): CommandError {
  return new CommandError(`${name} is ${value}; allowed: ${allowed}`, 2);
}
