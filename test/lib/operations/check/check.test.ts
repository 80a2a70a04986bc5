// @project unit
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkCommand } from '../../../../lib/operations/check/check';
import { queue, template, useCheck } from './check-fixture';

const check = useCheck();
const ONLY = ['--only', 'sqs-dlq-required'];
const redriven = { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 } };

describe('groundplan check', () => {
  it('ends with 1 for a finding at the bar, and with 0 below it', async () => {
    const file = check.file('shop.json', template({ Jobs: queue() }));
    const error = await check.run(file, ...ONLY);
    expect([error.code, error.err]).toEqual([1, '']);
    expect(error.out).toContain('ERROR  sqs-dlq-required: A queue has a dead-letter queue');
    expect(error.out).toContain('    shop.json:3  Jobs (AWS::SQS::Queue)\n');
    expect(error.out.split('\n').at(-1)).toBe(
      '1 error, 0 warnings, 0 advice. 1 resource of 1 stack, judged by 1 rule.',
    );
    const polling = ['--only', 'sqs-long-polling'];
    expect((await check.run(file, ...polling)).code).toBe(0);
    expect((await check.run(file, ...polling, '--severity', 'warning')).code).toBe(0);
    expect((await check.run(file, ...polling, '--severity', 'advice')).code).toBe(1);
    expect((await check.run(file, '--only', 'sqs-retention-explicit', '--severity', 'warning')).code).toBe(1);
  });

  it('reads cdk.out where no path is given', async () => {
    const missing = await check.run();
    expect([missing.code, missing.out.split('\n')[0]]).toEqual([
      2,
      'CANNOT READ  cdk.out does not exist; run "cdk synth" first, or name a template',
    ]);
    mkdirSync('cdk.out');
    check.file('cdk.out/Shop.template.json', template({ Jobs: queue() }));
    expect((await check.run(...ONLY)).code).toBe(1);
  });

  it('judges the rest where something cannot be read, and ends with 2', async () => {
    check.file('broken.json', '{"Resources": {"A": }');
    check.file('shop.yaml', 'Resources:\n  Jobs: {Type: AWS::SQS::Queue}');
    const text = await check.run('.', ...ONLY);
    expect([text.code, text.err]).toEqual([2, '']);
    expect(text.out).toMatch(
      /^CANNOT READ {2}broken\.json is no CloudFormation template: it is no JSON: .* at line 1, column 21\n/,
    );
    expect(text.out).toContain('shop.yaml:2  Jobs');
    const { code, err, report } = await check.json('.', ...ONLY);
    expect([code, report.problems.length, err]).toEqual([2, 1, report.problems[0]]);
  });

  it('judges several stacks together', async () => {
    check.file(
      'a.json',
      template(
        { Dead: queue() },
        { Outputs: { It: { Value: { 'Fn::GetAtt': ['Dead', 'Arn'] }, Export: { Name: 'dead' } } } },
      ),
    );
    const source = { deadLetterTargetArn: { 'Fn::ImportValue': 'dead' }, maxReceiveCount: 5 };
    check.file('b.json', template({ Jobs: queue({ RedrivePolicy: source }) }));
    expect((await check.json('a.json', 'b.json', ...ONLY)).places).toEqual([]);
    const alone = await check.json('b.json', ...ONLY);
    expect([alone.places, alone.report.cannotTell[0]?.rule]).toEqual([[], 'sqs-dlq-required']);
  });

  it('follows what is given to a nested stack, and what it gives back', async () => {
    const Nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: './child.yaml' } };
    const output = { 'Fn::GetAtt': ['Nested', 'Outputs.DeadArn'] };
    check.file(
      'shop.json',
      template({ Nested, Jobs: queue({ RedrivePolicy: { deadLetterTargetArn: output, maxReceiveCount: 5 } }) }),
    );
    check.file(
      'child.yaml',
      'Resources:\n  Dead: {Type: AWS::SQS::Queue}\nOutputs:\n  DeadArn: {Value: !GetAtt Dead.Arn}',
    );
    const { places, report } = await check.json('.', '--only', 'sqs-dlq-required', '--only', 'sqs-long-polling');
    expect(places).toEqual(['sqs-long-polling Jobs', 'sqs-long-polling Dead']);
    expect(report.findings[0]?.places.map(({ file, line }) => [file, line])).toEqual([
      ['shop.json', 9],
      ['child.yaml', 2],
    ]);
    expect(report.notJudged).toEqual([]);
  });

  it('cannot tell what a nested stack gives whose template is not here', async () => {
    const Nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com/a.json' } };
    const deadLetterTargetArn = { 'Fn::GetAtt': ['Nested', 'Outputs.DeadArn'] };
    const Jobs = queue({ RedrivePolicy: { deadLetterTargetArn, maxReceiveCount: 5 } });
    const { report, places } = await check.json(check.file('shop.json', template({ Nested, Jobs })), ...ONLY);
    expect([places, report.cannotTell.map(({ why }) => why)]).toEqual([
      [],
      ['the dead-letter queue is not in these templates'],
    ]);
  });

  it('takes values of parameters, and says which of them no template has or allows', async () => {
    const Parameters = { Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] } };
    const Conditions = { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } };
    const RedrivePolicy = { 'Fn::If': ['IsProd', redriven.RedrivePolicy, { Ref: 'AWS::NoValue' }] };
    const file = check.file(
      'shop.json',
      template(
        { Jobs: queue({ RedrivePolicy }), Dead: queue({}, { Condition: 'IsProd' }) },
        { Parameters, Conditions },
      ),
    );
    const open = await check.json(file, ...ONLY);
    expect(open.report.findings.map(({ when, places }) => [when, places.length])).toEqual([[['Stage is dev'], 1]]);
    expect((await check.json(file, ...ONLY, '--parameters', 'Stage=prod')).places).toEqual([]);
    const dev = await check.json(
      file,
      ...ONLY,
      '--parameters',
      check.file('dev.json', [{ ParameterKey: 'Stage', ParameterValue: 'dev' }]),
    );
    expect(dev.report.findings.map(({ when }) => when)).toEqual([[]]);
    const wrong = await check.json(file, ...ONLY, '--parameters', 'Stage=qa', '--parameters', 'Other=1');
    expect([wrong.code, wrong.report.problems]).toEqual([
      2,
      ['shop.json: Stage is qa; allowed: dev, prod', 'No template has the parameter Other'],
    ]);
  });

  it('decides conditions by the region, of the app or as it is given', async () => {
    const Conditions = { IsHere: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } };
    const shop = template({ Jobs: queue({}, { Condition: 'IsHere' }) }, { Conditions });
    const file = check.file('shop.json', shop);
    const open = await check.json(file, ...ONLY);
    expect([open.places, open.report.cannotTell.map(({ why }) => why)]).toEqual([
      [],
      ['where IsHere holds: no dead-letter queue'],
    ]);
    expect((await check.json(file, ...ONLY, '--region', 'eu-west-1')).places).toEqual(['sqs-dlq-required Jobs']);
    expect((await check.json(file, ...ONLY, '--region', 'us-east-1')).report).toMatchObject({
      findings: [],
      cannotTell: [],
    });
    const artifact = {
      type: 'aws:cloudformation:stack',
      environment: 'aws://1/us-east-1',
      properties: { templateFile: 'shop.json' },
    };
    check.file('manifest.json', { artifacts: { Shop: artifact } });
    expect((await check.json('.', ...ONLY, '--region', 'eu-west-1')).places).toEqual([]);
  });

  it('refuses circular references, in one line with the place', async () => {
    const file = check.file(
      'shop.json',
      template({ A: queue({}, { DependsOn: 'B' }), B: queue({ QueueName: { Ref: 'A' } }) }),
    );
    const { code, report, places } = await check.json(file, ...ONLY);
    expect([code, places]).toEqual([2, ['sqs-dlq-required A', 'sqs-dlq-required B']]);
    expect(report.problems).toEqual(['shop.json:3: circular references, which CloudFormation refuses: A, B']);
  });

  it('says what was not judged, with a count', async () => {
    const file = check.file('shop.json', {
      Transform: ['AWS::Serverless-2016-10-31', 'Mine'],
      Resources: {
        Api: { Type: 'AWS::Serverless::Api' },
        Fn: { Type: 'AWS::Serverless::Function' },
        Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com/a.json' } },
        It: { Type: 'Custom::It' },
        Job: { Type: 'AWS::Glue::Job' },
        New: { Type: 'AWS::Brand::New' },
        'Fn::ForEach::Queues': ['Name', ['a'], {}],
      },
    });
    const { code, out } = await check.run(file);
    expect(code).toBe(0);
    expect(out.replace(/\n {2,}/g, '\n')).toContain(
      [
        'NOT JUDGED',
        '1: what these loops make: Fn::ForEach::Queues in shop',
        '1: what these transforms change or add: Mine in shop',
        '2: written for the SAM transform: check what it makes of them (aws cloudformation get-template --template-stage',
        'Processed): AWS::Serverless::Api, AWS::Serverless::Function',
        '1: the template of the nested stack is not here: AWS::CloudFormation::Stack',
        '1: custom resources: their own code decides what they do: Custom::It',
        '1: no rule is about these types: AWS::Glue::Job',
        "1: types that AWS's resource data does not have: AWS::Brand::New",
      ].join('\n'),
    );
  });

  it('leaves out what a baseline has, however the file moves on', async () => {
    const file = check.file('shop.yaml', 'Resources:\n  Jobs: {Type: AWS::SQS::Queue}');
    const written = await check.run(file, ...ONLY, '--write-baseline', 'baseline.json');
    expect([written.code, written.out.split('\n')[1]]).toEqual([
      0,
      'Wrote 1 to baseline.json: groundplan check --baseline baseline.json leaves them out.',
    ]);
    check.file('shop.yaml', '# moved\nResources:\n  New: {Type: AWS::SQS::Queue}\n  Jobs: {Type: AWS::SQS::Queue}');
    const { code, places, report } = await check.json(file, ...ONLY, '--baseline', 'baseline.json');
    expect([code, places, report.baselined]).toEqual([1, ['sqs-dlq-required New'], 1]);
  });

  it('prints rules, and what one of them is for', async () => {
    const card = await check.run('--explain', 'sqs-dlq-required');
    expect(card.code).toBe(0);
    expect(card.out).toMatch(/^sqs-dlq-required \(error, correctness, tier 1\)\n/);
    const list = await check.run('--list', '--profile', 'cost', '--tier', '1');
    expect(list.out).toMatch(/^bedrock-token-budget|^\S+ +\S+ +cost +tier 1 /);
    expect(list.out.split('\n').every((line) => / cost +tier 1 /.test(line))).toBe(true);
  });

  it('prints its help', async () => {
    const help = await check.run('--help');
    expect([help.code, help.out]).toEqual([0, checkCommand.usage]);
  });
});
