import type { Checked, CheckedFinding } from '../../checks/check-templates';
import type { NotJudged } from '../../checks/not-judged';
import type { Profile, Rule, RuleCard, Severity } from '../../checks/rule';
import type { TemplateResource } from '../../template/template-resource';
import { Acknowledgements } from './acknowledgements';
import { SEVERITIES, tierOf } from './options';
import type { Places, ReportedPlace } from './places';

/** What a finding says of its rule. */
export interface Card extends Pick<RuleCard, 'title' | 'why' | 'fix'> {
  readonly severity: Severity;
  readonly profile: Profile;
  readonly tier: 1 | 2 | 3;
  /** AWS's page. @default - none: it is about this tool, not about AWS */
  readonly address?: string;
}

/** One cause, at however many resources. */
export interface Reported extends Card {
  readonly rule: string;
  /** What is wrong, and what is allowed. */
  readonly cause: string;
  /** With which values of parameters, where it is not with all of them. */
  readonly when: readonly string[];
  readonly places: readonly ReportedPlace[];
}

/** What could not be told, with the reason. */
export interface Untold {
  readonly rule: string;
  readonly why: string;
  readonly places: readonly ReportedPlace[];
}

/** A finding that the template acknowledges. */
export interface Acknowledged {
  readonly rule: string;
  readonly cause: string;
  readonly reason: string;
  readonly until?: string;
  readonly place: ReportedPlace;
}

/** What `groundplan check` says, in any format. */
export interface Report {
  readonly findings: readonly Reported[];
  readonly untold: readonly Untold[];
  readonly acknowledged: readonly Acknowledged[];
  /** How many findings the baseline has. */
  readonly baselined: number;
  readonly notJudged: readonly NotJudged[];
  /** What could not be read, one line each. */
  readonly problems: readonly string[];
  /** Files of folders that are no templates. */
  readonly passedOver: readonly string[];
  readonly judged: { readonly resources: number; readonly stacks: number; readonly rules: number };
}

const FAILED: Card = {
  title: 'A rule failed',
  why: 'The rule met a template that it was not written for. What it would have said of the resource is not known.',
  fix: 'Report it with the resource as the template has it. Until it is fixed, --skip leaves the rule out.',
  severity: 'error',
  profile: 'correctness',
  tier: 1,
};
const ACKNOWLEDGEMENT: Card = {
  title: 'An acknowledgement has a reason, and has not ended',
  why: 'What no one can explain any more, no one dares to take out: the finding would stay hidden for good.',
  fix: "Write reason: '...' and, if it is to end, until: '2027-01-31' into Metadata.groundplan.acknowledge, or correct what it hides.",
  severity: 'warning',
  profile: 'operations',
  tier: 2,
};

/** What was found, of one resource. */
export interface Single {
  readonly rule: string;
  readonly card: Card;
  readonly cause: string;
  readonly when: readonly string[];
  readonly resource: TemplateResource;
  readonly place: ReportedPlace;
}

/** Sorted into what counts, what is acknowledged, and what cannot be told. */
export interface Sorted {
  readonly singles: readonly Single[];
  readonly untold: readonly Untold[];
  readonly acknowledged: readonly Acknowledged[];
}

/**
 * Sorts what the rules said.
 *
 * @param today as `2026-12-31`: what was acknowledged until a day before it counts again
 */
export function sorted(
  { findings, inventory, resources }: Checked,
  rules: readonly Rule[],
  places: Places,
  today: string,
): Sorted {
  const cards = new Map<string, Card>(rules.map((rule) => [rule.id, { ...rule, tier: tierOf(rule.id) }]));
  const acknowledgements = new Acknowledgements(inventory, today);
  const singles: Single[] = [];
  const acknowledged: Acknowledged[] = [];
  const untold: { rule: string; why: string; place: ReportedPlace }[] = [];
  for (const finding of findings) {
    const { id, resource, when } = finding;
    const card = cardFor(finding, cards.get(id));
    const place = places.of(resource, id);
    if (finding.verdict.kind === 'cannot-tell') untold.push({ rule: id, why: finding.verdict.why, place });
    const cause = causeOf(finding);
    if (cause === undefined || card === undefined) continue;
    const found = acknowledgements.of(resource, id);
    if (found !== undefined && finding.verdict.kind === 'violation')
      acknowledged.push({ rule: id, cause, ...found, place });
    else if (finding.verdict.kind === 'failed') {
      singles.push({
        rule: 'rule-failed',
        card: FAILED,
        cause,
        when,
        resource,
        place: places.of(resource, `rule-failed ${id}`),
      });
    } else singles.push({ rule: id, card, cause, when, resource, place });
  }
  for (const { holder, cause } of acknowledgements.problems(resources)) {
    const rule = 'acknowledgement';
    singles.push({
      rule,
      card: ACKNOWLEDGEMENT,
      cause,
      when: [],
      resource: holder,
      place: places.of(holder, `${rule} ${cause}`),
    });
  }
  return {
    singles,
    acknowledged,
    untold: grouped(
      untold,
      ({ rule, why }) => `${rule} ${why}`,
      ({ rule, why }) => ({ rule, why }),
    ),
  };
}

/** The card of a rule, as severe as what was found here. */
function cardFor({ verdict }: CheckedFinding, card: Card | undefined): Card | undefined {
  if (card === undefined || verdict.kind !== 'violation') return card;
  return { ...card, severity: verdict.severity ?? card.severity };
}

function causeOf({ id, verdict }: CheckedFinding): string | undefined {
  if (verdict.kind === 'failed') return `${id}: ${verdict.why.split('\n')[0]}`;
  return verdict.kind === 'violation' ? verdict.findings.join('; ') : undefined;
}

/** One finding for each cause, worst first; those of most resources first among equals. */
export function causes(singles: readonly Single[]): readonly Reported[] {
  const found = grouped(
    singles,
    ({ rule, card, cause, when }) => JSON.stringify([rule, card.severity, cause, when]),
    ({ rule, card: { title, why, fix, severity, profile, tier, address }, cause, when }) => {
      const page = address === undefined ? {} : { address };
      return { rule, title, why, fix, severity, profile, tier, ...page, cause, when };
    },
  );
  const rank = (each: Reported) => SEVERITIES.indexOf(each.severity) * 10 + each.tier;
  return [...found].sort(
    (a, b) => rank(a) - rank(b) || a.rule.localeCompare(b.rule) || b.places.length - a.places.length,
  );
}

function grouped<T extends { readonly place: ReportedPlace }, G>(
  all: readonly T[],
  keyOf: (each: T) => string,
  groupOf: (each: T) => G,
): readonly (G & { readonly places: readonly ReportedPlace[] })[] {
  const groups = new Map<string, { readonly group: G; readonly places: ReportedPlace[] }>();
  for (const each of all) {
    const key = keyOf(each);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { group: groupOf(each), places: [each.place] });
    else known.places.push(each.place);
  }
  return [...groups.values()].map(({ group, places }) => ({ ...group, places }));
}

/** How many findings there are of each severity. */
export function counts(findings: readonly Reported[]): Readonly<Record<Severity, number>> {
  const of = (severity: Severity) => findings.filter((each) => each.severity === severity).length;
  return { error: of('error'), warning: of('warning'), advice: of('advice') };
}
