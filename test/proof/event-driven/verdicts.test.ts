import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { runRulesOnTemplates, type TemplateDocument } from '../../../lib/checks';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { eventDrivenTemplate } from '../../synthesize';
import { EDGE_MUTATIONS } from './mutations';
import { EDGE, EDGE_ELSEWHERE } from './proof';

describe.each([
  [EDGE, 1],
  [EDGE_ELSEWHERE, 2],
])('$name', (variant, stacks) => {
  it.each(STAGE_NAMES)('the rules find the distribution in whichever stack it is, in %s', (stage) => {
    const templates = variant.templates(stage);
    expect(Object.keys(templates)).toHaveLength(stacks);
    const judged = new Set(runRulesOnTemplates(templates, { strict: stage !== 'dev' }).map(({ id }) => id));
    for (const id of Object.keys(EDGE_MUTATIONS)) if (id !== 'waf-not-on-http-api') expect(judged).toContain(id);
  });
});

it('the rules say that they cannot tell what only deployment knows', () => {
  const template = new MutableTemplate(eventDrivenTemplate('staging').toJSON() as TemplateDocument);
  template.set('AWS::SQS::Queue', 'VisibilityTimeout', { Ref: 'Parameter' }, 'BillingWorkQueue');
  const findings = runRulesOnTemplates({ EventDriven: template.document }, { strict: true });
  const verdicts = findings.flatMap(({ id, verdict }) =>
    id === 'sqs-visibility-timeout-exceeds-processing' ? [verdict.kind] : [],
  );
  expect(verdicts.sort()).toEqual(['cannot-tell', 'compliant', 'compliant', 'compliant']);
});
