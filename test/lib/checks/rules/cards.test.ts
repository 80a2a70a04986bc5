import { describe, expect, it } from 'vitest';
import { brokenTemplates, fixedTemplate } from '../../../../lib/checks/example';
import { RULES } from '../../../../lib/checks/rules';
import { runRulesOnTemplates } from '../../../../lib/checks/run-rules';
import type { TemplateDocument } from '../../../../lib/template/template-resource';

/** Rules that forbid what they look at: nothing of it is right, and a template that keeps them has none of it. */
const FORBIDDING = ['iam-roles-not-users', 's3-no-object-lambda-or-select'];

/** Verdicts of one rule on a template. */
function verdicts(id: string, template: TemplateDocument): string[] {
  const findings = runRulesOnTemplates({ Example: template }).filter((finding) => finding.id === id);
  return findings.map(({ verdict }) => verdict.kind);
}

describe.each(RULES)('the card of $id', ({ id, example, ...card }) => {
  it('says in plain sentences what must hold, why, and what to do', () => {
    expect(card.title).toMatch(/^[A-Z].{10,98}[^.]$/);
    for (const text of [card.why, card.fix]) expect(text).toMatch(/^[A-Z].{15,400}\.$/);
    expect(card.address).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|aws\.amazon\.com)\/\S+$/);
    expect(['error', 'warning', 'advice']).toContain(card.severity);
    expect(['correctness', 'security', 'operations', 'cost']).toContain(card.profile);
  });

  it('shows a template that keeps the rule', () => {
    const found = verdicts(id, fixedTemplate(example));
    expect(new Set(found)).toEqual(new Set(FORBIDDING.includes(id) ? [] : ['compliant']));
  });

  it('shows what breaks it, each change by itself', () => {
    const broken = brokenTemplates(example);
    expect(broken.length).toBeGreaterThan(0);
    for (const template of broken) expect(verdicts(id, template), JSON.stringify(template)).toContain('violation');
  });
});
