import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { runRulesOnTemplates, type TemplateDocument } from '../../../lib/checks';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { eventDrivenStack, eventDrivenTemplate, testApp } from '../../synthesize';
import { EDGE_MUTATIONS, MUTATIONS } from './mutations';
import { proofsOf, ROWS } from './proofs';

const STAGING = {
  '': eventDrivenTemplate('staging').toJSON() as TemplateDocument,
  ' with an edge': eventDrivenTemplate('staging', { edge: true }).toJSON() as TemplateDocument,
};
const staging = STAGING[''];
const findingsOf = (template: TemplateDocument, strict = true) =>
  runRulesOnTemplates({ EventDriven: template }, { strict });

describe('the rules', () => {
  for (const stage of STAGE_NAMES) {
    for (const fifo of [false, true]) {
      it(`object to nothing, and can tell everything, in ${stage}${fifo ? ' with fifo' : ''}`, () => {
        const template = eventDrivenTemplate(stage, { fifo }).toJSON() as TemplateDocument;
        const findings = findingsOf(template, stage !== 'dev');
        expect(findings.length).toBeGreaterThan(300);
        const bad = findings.filter(({ verdict }) => verdict.kind !== 'compliant');
        expect(bad.map(({ id, resource, verdict }) => [id, resource.path, verdict])).toEqual([]);
      });
    }
  }

  for (const stage of STAGE_NAMES) {
    it.each(['us-east-1', 'eu-west-1'])(
      `object to nothing, and can tell everything, in ${stage} with an edge, in %s`,
      (region) => {
        const app = testApp();
        eventDrivenStack(app, stage, { edge: {}, env: { region } });
        const templates = app
          .synth()
          .stacks.map(({ stackName, template }) => [stackName, template as TemplateDocument]);
        expect(templates).toHaveLength(region === 'us-east-1' ? 1 : 2);
        const findings = runRulesOnTemplates(Object.fromEntries(templates), { strict: stage !== 'dev' });
        const bad = findings.filter(({ verdict }) => verdict.kind !== 'compliant');
        expect(bad.map(({ id, resource, verdict }) => [id, resource.path, verdict])).toEqual([]);
        // Whoever looks for the distribution finds it, in whichever stack it is.
        const judged = new Set(findings.map(({ id }) => id));
        for (const id of Object.keys(EDGE_MUTATIONS)) if (id !== 'waf-not-on-http-api') expect(judged).toContain(id);
      },
    );
  }

  for (const [which, mutations] of [
    ['', MUTATIONS],
    [' with an edge', EDGE_MUTATIONS],
  ] as const) {
    it.each(Object.entries(mutations))(`object by %s when its handling is taken out${which}`, (id, mutate) => {
      const template = new MutableTemplate(STAGING[which]);
      mutate(template);
      const objections = findingsOf(template.document).filter((finding) => finding.verdict.kind === 'violation');
      expect(objections.map((finding) => finding.id)).toContain(id);
    });
  }

  it('say that they cannot tell what only deployment knows', () => {
    const template = new MutableTemplate(staging);
    template.set('AWS::SQS::Queue', 'VisibilityTimeout', { Ref: 'Parameter' }, 'BillingWorkQueue');
    const verdicts = findingsOf(template.document).flatMap(({ id, verdict }) =>
      id === 'sqs-visibility-timeout-exceeds-processing' ? [verdict.kind] : [],
    );
    expect(verdicts.sort()).toEqual(['cannot-tell', 'compliant', 'compliant', 'compliant']);
  });
});

describe('each tier 1 and 2 row that touches the pattern', () => {
  it('is one of 79', () => {
    expect(ROWS).toHaveLength(79);
  });

  it.each(ROWS.map(({ id }) => id))('%s has a proof', (id) => {
    const proofs = proofsOf(id);
    expect(proofs).not.toEqual([]);
    for (const proof of proofs) {
      if (proof.kind !== 'test') continue;
      const file = join(__dirname, '../../..', proof.file);
      expect(existsSync(file) && readFileSync(file, 'utf8').includes(proof.name), `${proof.file}: ${proof.name}`).toBe(
        true,
      );
    }
  });
});
