import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { runRulesOnTemplates, type TemplateDocument } from '../../../lib/checks';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { testApp, webAppStacks, webAppTemplate } from '../../synthesize';
import { FARGATE_MUTATIONS, MUTATIONS } from './mutations';
import { ROWS, TESTS } from './proofs';

const COMPUTES = ['lambda', 'fargate'] as const;
const documentOf = (compute: (typeof COMPUTES)[number]) =>
  webAppTemplate('staging', compute).toJSON() as TemplateDocument;
const findingsOf = (template: TemplateDocument, strict = true) => runRulesOnTemplates({ WebApp: template }, { strict });

describe('the rules', () => {
  for (const stage of STAGE_NAMES) {
    it.each(COMPUTES)(`object to nothing, and can tell everything, in ${stage} with %s`, (compute) => {
      const app = testApp();
      webAppStacks(app, stage, { compute });
      const templates = Object.fromEntries(
        app.synth().stacks.map(({ stackName, template }) => [stackName, template as TemplateDocument]),
      );
      const findings = runRulesOnTemplates(templates, { strict: stage !== 'dev' });
      expect(findings.length).toBeGreaterThan(200);
      const bad = findings.filter(({ verdict }) => verdict.kind !== 'compliant');
      expect(bad.map(({ id, resource, verdict }) => [id, resource.path, verdict])).toEqual([]);
    });
  }

  it.each(COMPUTES)('object to nothing, and can tell everything, with %s in one stack', (compute) => {
    const bad = findingsOf(documentOf(compute)).filter(({ verdict }) => verdict.kind !== 'compliant');
    expect(bad.map(({ id, resource, verdict }) => [id, resource.path, verdict])).toEqual([]);
  });

  for (const [compute, mutations] of [
    ['lambda', MUTATIONS],
    ['fargate', FARGATE_MUTATIONS],
  ] as const) {
    it.each(Object.entries(mutations))(`object by %s when its handling is taken out, with ${compute}`, (id, mutate) => {
      const template = new MutableTemplate(documentOf(compute));
      mutate(template);
      const objections = findingsOf(template.document).filter((finding) => finding.verdict.kind === 'violation');
      expect(objections.map((finding) => finding.id)).toContain(id);
    });
  }
});

describe('each tier 1 and 2 row that touches the pattern', () => {
  it('is one of 96', () => {
    expect(ROWS).toHaveLength(96);
  });

  it.each(ROWS.map(({ id }) => id))('%s has a proof', (id) => {
    const [file, name = ''] = TESTS[id] ?? [];
    if (file !== undefined) {
      const path = join(__dirname, '../../..', file);
      expect(existsSync(path) && readFileSync(path, 'utf8').includes(name), `${file}: ${name}`).toBe(true);
    }
    expect(MUTATIONS[id] ?? FARGATE_MUTATIONS[id] ?? file, id).toBeDefined();
  });
});
