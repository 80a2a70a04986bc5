import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../../lib';
import { runRulesOnTemplates, type TemplateDocument } from '../../../lib/checks';
import { MutableTemplate } from '../../../local/weaken/mutable-template';
import { dataPipelineTemplate } from '../../synthesize';
import { MUTATIONS } from './mutations';
import { ABSENT, ROWS, TESTS } from './proofs';

const staging = dataPipelineTemplate('staging').toJSON() as TemplateDocument;
const findingsOf = (template: TemplateDocument, strict = true) =>
  runRulesOnTemplates({ DataPipeline: template }, { strict });

describe('the rules', () => {
  for (const stage of STAGE_NAMES) {
    it(`object to nothing, and can tell everything, in ${stage}`, () => {
      const template = dataPipelineTemplate(stage).toJSON() as TemplateDocument;
      const findings = findingsOf(template, stage !== 'dev');
      expect(findings.length).toBeGreaterThan(100);
      const bad = findings.filter(({ verdict }) => verdict.kind !== 'compliant');
      expect(bad.map(({ id, resource, verdict }) => [id, resource.path, verdict])).toEqual([]);
    });
  }

  it.each(Object.entries(MUTATIONS))('object by %s when its handling is taken out', (id, mutate) => {
    const template = new MutableTemplate(staging);
    mutate(template);
    const objections = findingsOf(template.document).filter((finding) => finding.verdict.kind === 'violation');
    expect(objections.map((finding) => finding.id)).toContain(id);
  });

  it('cannot tell of a stream that is in none of the templates, and leave queues alone', () => {
    const template = new MutableTemplate(staging);
    template.set(
      'AWS::Lambda::EventSourceMapping',
      'EventSourceArn',
      'arn:aws:kinesis:eu-west-1:111111111111:stream/theirs',
    );
    const verdicts = () =>
      findingsOf(template.document).flatMap(({ id, verdict }) =>
        id === 'kinesis-poison-record' ? [verdict.kind] : [],
      );
    expect(verdicts()).toEqual(['cannot-tell']);
    template.set('AWS::Lambda::EventSourceMapping', 'EventSourceArn', 'arn:aws:sqs:eu-west-1:111111111111:theirs');
    template.drop('AWS::Lambda::EventSourceMapping', 'StartingPosition');
    expect(verdicts()).toEqual([]);
  });
});

it('Firehose and the aggregator read one stream', () => {
  const template = new MutableTemplate(staging);
  const stream = { 'Fn::GetAtt': [template.id('AWS::Kinesis::Stream'), 'Arn'] };
  const delivery = template.properties('AWS::KinesisFirehose::DeliveryStream');
  expect(delivery['DeliveryStreamType']).toBe('KinesisStreamAsSource');
  expect(delivery['KinesisStreamSourceConfiguration']).toMatchObject({ KinesisStreamARN: stream });
  expect(template.properties('AWS::Lambda::EventSourceMapping')['EventSourceArn']).toEqual(stream);
});

describe('each tier 1 and 2 row that touches the pattern', () => {
  it('is one of 57', () => {
    expect(ROWS).toHaveLength(57);
  });

  it.each(ROWS.map(({ id }) => id))('%s has a proof, or a reason for none', (id) => {
    const [file, name = ''] = TESTS[id] ?? [];
    if (file !== undefined) {
      const path = join(__dirname, '../../..', file);
      expect(existsSync(path) && readFileSync(path, 'utf8').includes(name), `${file}: ${name}`).toBe(true);
    }
    expect(MUTATIONS[id] ?? file ?? ABSENT[id], id).toBeDefined();
  });
});
