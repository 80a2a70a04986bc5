import type { CatalogueId } from '../catalogue/catalogue';
import { CannotTell, type TemplateResource } from '../template/template-resource';
import type { RuleExample } from './example';
import type { Inventory } from './inventory';

/** What a rule says of one resource. */
export type Verdict =
  | { readonly kind: 'not-applicable' }
  | { readonly kind: 'compliant' }
  /** Each finding says what is wrong and what is allowed. */
  | {
      readonly kind: 'violation';
      readonly findings: readonly string[];
      /** How severe it is here. @default - as the rule's card says */
      readonly severity?: Severity;
    }
  /** A value is known only at deployment. Never a pass. */
  | { readonly kind: 'cannot-tell'; readonly why: string }
  /** The rule itself failed: a fault of ours, and never a pass. */
  | { readonly kind: 'failed'; readonly why: string };

/**
 * `error`: it loses data or money, or opens a door. `warning`: it costs an outage, a page at night or a surprise. `advice`: there is a
 * better or cheaper choice.
 */
export type Severity = 'error' | 'warning' | 'advice';

/** What a finding is about, for those who want some of the rules. */
export type Profile = 'correctness' | 'security' | 'operations' | 'cost';

/** What a rule tells people: why it is there, and what to do. */
export interface RuleCard {
  /** What must hold, in one line: `A queue with consumers has a dead-letter queue`. */
  readonly title: string;
  /** What happens otherwise, in one or two sentences. */
  readonly why: string;
  /** What to change, in the words of a template or of the CDK. */
  readonly fix: string;
  readonly severity: Severity;
  readonly profile: Profile;
  /** The page of AWS that says so. */
  readonly address: string;
  readonly example: RuleExample;
}

/** One row of the catalogue as a check of any template. */
export interface Rule extends RuleCard {
  readonly id: CatalogueId;
  /** Resource types that it looks at. */
  readonly types: readonly string[];
  /** Judges one resource. May throw `CannotTell`. */
  check(resource: TemplateResource, inventory: Inventory): Verdict;
}

/**
 * Judges one resource by one rule. What is known only at deployment becomes "cannot tell"; a rule that fails says so of this resource, and
 * the others are judged.
 */
export function judge(rule: Pick<Rule, 'check'>, resource: TemplateResource, inventory: Inventory): Verdict {
  try {
    return rule.check(resource, inventory);
  } catch (error) {
    if (error instanceof CannotTell) return { kind: 'cannot-tell', why: error.message };
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

export const notApplicable: Verdict = { kind: 'not-applicable' };
export const compliant: Verdict = { kind: 'compliant' };

type Findings = readonly (string | false | undefined)[];

/**
 * Compliant without findings, else a violation.
 *
 * @param lesser findings that lose nothing and open no door by themselves: with none but these it is a warning, whatever the card says
 */
export function verdict(findings: Findings, lesser: Findings = []): Verdict {
  const [severe, light] = [findings, lesser].map((list) => list.filter((finding) => typeof finding === 'string'));
  const real = [...new Set([...(severe ?? []), ...(light ?? [])])];
  if (real.length === 0) return compliant;
  return { kind: 'violation', findings: real, ...(severe?.length === 0 ? { severity: 'warning' } : {}) };
}

/** A violation unless the condition holds. */
export function mustHold(condition: boolean, finding: string): Verdict {
  return verdict([!condition && finding]);
}

/**
 * Where CDK puts the functions that it adds: below `Custom::...`, or under a name of its own with a hash of 32 digits, such as
 * `AWS679f53fac002430cb0da5b7982bd2287` for AwsCustomResource. Without paths, the logical ids that come of them.
 */
const HELPER_PATH =
  /Custom::|Custom(CDK|S3|Vpc)[A-Z]\w*[0-9A-F]{8}$|(^|\/)(AWS|LogRetention|BucketNotificationsHandler)[0-9a-f]{32}/;
/** Entry points of CDK's providers. */
const HELPER_HANDLER = /^(__entrypoint__\.handler|framework\.(onEvent|isComplete|onTimeout))$/;

/** Functions that CDK itself adds for its custom resources: they run at deployment only and cannot be configured. */
export function isDeploymentHelper(fn: TemplateResource): boolean {
  return HELPER_HANDLER.test(String(fn.properties['Handler'])) || HELPER_PATH.test(fn.path);
}
