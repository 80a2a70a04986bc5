import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json';
import { runRulesOnTemplates } from '../../lib/checks';
import { GroundplanApp, type GroundplanAppProps } from '../../patterns/groundplan-app';
import type { Pattern } from '../../patterns/pattern';
import { selectionOf } from '../../patterns/selection';
import { MAIL_FROM, type TemplateResource } from '../synthesize';

const app = (context: Record<string, unknown>, more: GroundplanAppProps = {}) =>
  GroundplanApp.create({
    context: { ...cdkJson.context, ...context },
    builtinCloudFormationValidation: false,
    ...more,
  });

/** Synthesizes without the report on standard error. */
function synthesize(built: GroundplanApp) {
  const write = process.stderr.write;
  process.stderr.write = () => true;
  try {
    return built.synth();
  } finally {
    process.stderr.write = write;
  }
}

describe('the CDK app', () => {
  // .ci/run synthesizes prod with an e-mail, by the CDK's CLI.
  it('passes every rule pack in prod, without an e-mail', async () => {
    const prod = await (await app({ stage: 'prod' })).addChecks();
    expect(() => synthesize(prod)).not.toThrow();
  });

  it('lets mail to the users of each pattern come from the address that is passed', async () => {
    const senders = async (context: Record<string, unknown>) =>
      synthesize(await app(context))
        .stacks.flatMap(({ template }) => Object.values(template.Resources as Record<string, TemplateResource>))
        .flatMap(({ Type, Properties }) =>
          Type === 'AWS::Cognito::UserPool' ? [(Properties['EmailConfiguration'] as { From?: string })?.From] : [],
        );
    const unsent = await senders({});
    expect(unsent.length).toBeGreaterThanOrEqual(4);
    expect(unsent).toEqual(unsent.map(() => undefined));
    expect(await senders({ mailFrom: MAIL_FROM })).toEqual(unsent.map(() => MAIL_FROM));
  });

  it.each(['dev', 'prod'])('lets addresses of the mail domains that are passed sign up, in %s', async (stage) => {
    const pools = synthesize(await app({ stage, mfa: 'required', mailDomains: 'example.com,example.org' }))
      .stacks.flatMap(({ template }) => Object.values(template.Resources as Record<string, TemplateResource>))
      .filter(({ Type }) => Type === 'AWS::Cognito::UserPool');
    expect(pools.length).toBeGreaterThanOrEqual(4);
    for (const { Properties } of pools) {
      expect(Properties).toMatchObject({
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
        LambdaConfig: { PreSignUp: expect.anything() },
        MfaConfiguration: 'ON',
      });
    }
  });

  it.each(['', 'example.com,', 'example.com, example.org'])('refuses the mail domains %j', async (mailDomains) => {
    await expect(app({ mailDomains })).rejects.toThrow(
      /context mailDomains is .*; allowed: mail domains separated by commas/,
    );
  });

  it.each([
    ['prod', true],
    ['dev', false],
  ])('in %s a finding fails the synth: %s', async (stage, fails) => {
    const selection = selectionOf(['synth', 'EventDriven']);
    const built = await (await app({ stage }, { selection })).addChecks();
    new Queue(built.node.findChild('EventDriven') as Stack, 'Bare');
    if (fails) expect(() => synthesize(built)).toThrow(/[Vv]alidation/);
    else expect(() => synthesize(built)).not.toThrow();
  });
});

const idsOf = (built: GroundplanApp) => synthesize(built).stacks.map(({ id }) => id);
/** The same of an app whose templates nothing is asked of: to write them costs as much as to build them. */
const builtIdsOf = (built: GroundplanApp) =>
  built.node.children.flatMap((child) => (Stack.isStack(child) ? [child.artifactId] : []));

describe('what a command asks for', () => {
  it.each([
    ['dev', undefined],
    ['dev', 'eu-west-1'],
    ['prod', 'us-east-1'],
    ['prod', 'ap-northeast-1'],
  ])('is listed by name as it is built, in %s and %s', async (stage, region) => {
    const context = { stage, mailFrom: MAIL_FROM, ...(region !== undefined && { region }) };
    const listed = idsOf(await app(context, { selection: selectionOf(['list']) }));
    const built = builtIdsOf(await app(context));
    expect([...listed].sort()).toEqual([...built].sort());
  });

  it('is all of a pattern, and nothing of another', async () => {
    const only = async (...args: string[]) =>
      idsOf(await app({ mailFrom: MAIL_FROM }, { selection: selectionOf(args) }));
    expect(await only('synth', 'EventDriven')).toEqual(['EventDriven']);
    expect((await only('synth', 'WebApp')).sort()).toEqual(['WebApp', 'WebAppData', 'WebAppNetwork']);
  });

  it('is not stopped by a pattern that another region cannot have', async () => {
    const selection = selectionOf(['synth', 'EventDriven']);
    expect(idsOf(await app({ region: 'eu-west-2' }, { selection }))).toEqual(['EventDriven']);
  });

  it('replaces no template that was written before by one that only has a name', async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'groundplan-list-'));
    const template = () => JSON.parse(readFileSync(join(outdir, 'EventDriven.template.json'), 'utf8')) as object;
    synthesize(await app({}, { outdir, selection: selectionOf(['synth', 'EventDriven']) }));
    const before = template();
    const listed = idsOf(await app({}, { outdir, selection: selectionOf(['list']) }));
    expect(listed.sort()).toEqual(idsOf(await app({})).sort());
    expect(template()).toEqual(before);
    rmSync(outdir, { recursive: true });
  });

  it('leaves an assembly that has all the names as it is', async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'groundplan-list-'));
    const list = { outdir, selection: selectionOf(['list']) };
    const first = await app({}, list);
    expect(first.isListed).toBe(false);
    synthesize(first);
    expect((await app({}, list)).isListed).toBe(true);
    // The CLI shows what an edge stack is called in CloudFormation.
    expect((await app({ region: 'eu-west-1' }, list)).isListed).toBe(false);
    expect((await app({}, { ...list, patterns: [TOY] })).isListed).toBe(false);
    rmSync(outdir, { recursive: true });
  });

  it.each([
    ['eu-west-2', ['aws://unknown-account/eu-west-2', 'aws://unknown-account/us-east-1']],
    ['us-east-1', ['aws://unknown-account/us-east-1']],
  ])('is bootstrapped in %s, which need not have every pattern', async (region, environments) => {
    const { stacks } = synthesize(await app({ region }, { selection: selectionOf(['bootstrap']) }));
    expect([...new Set(stacks.map(({ environment }) => environment.name))].sort()).toEqual(environments);
  });

  it('has the names that edge stacks have in CloudFormation', async () => {
    const { stacks } = synthesize(await app({ region: 'eu-west-1' }, { selection: selectionOf(['list']) }));
    const names = stacks.flatMap(({ id, stackName }) => (id === stackName ? [] : [stackName]));
    expect(names.sort()).toEqual(['GenAiRagEdge-eu-west-1', 'WebAppEdge-eu-west-1']);
  });

  it.each([
    ['dev', 'synth', false],
    ['dev', 'deploy', true],
    ['staging', 'deploy', true],
    ['prod', 'synth', true],
    ['prod', 'list', false],
  ])('is judged by CDK in %s by %s: %s', async (stage, command, isJudged) => {
    const { _builtinCloudFormationValidation } = (await GroundplanApp.create({
      context: { ...cdkJson.context, stage },
      patterns: [TOY],
      selection: selectionOf([command]),
    })) as unknown as { readonly _builtinCloudFormationValidation: boolean };
    expect(_builtinCloudFormationValidation).toBe(isJudged);
  });

  it('cannot be deployed when it was listed alone', async () => {
    const { stacks } = synthesize(await app({}, { selection: selectionOf(['list']) }));
    for (const { template } of stacks) {
      // The CLI deletes a stack without resources.
      expect(Object.keys(template.Resources)).toHaveLength(1);
      const [{ Assertions }] = Object.values(template.Rules) as [{ Assertions: { Assert: unknown }[] }];
      expect(Assertions[0]?.Assert).toEqual({ 'Fn::Equals': ['built', 'listed'] });
    }
  });
});

/** A pattern as a contributor adds it: a folder, and a line in patterns/patterns.ts. */
const TOY: Pattern = {
  name: 'toy',
  stack: 'Toy',
  contextKeys: { toys: { shape: /^[1-9]$/, allowed: 'one to nine' } },
  stacks: () => ['Toy'],
  addStacks: async (built, { options: { toys = '1' } }) => {
    const stack = new Stack(built, 'Toy');
    for (let index = 0; index < Number(toys); index += 1) new Queue(stack, `Queue${index}`);
  },
};

describe('a new pattern', () => {
  it('is listed, built by its own keys, and judged by the rules', async () => {
    const patterns = [TOY];
    expect(idsOf(await app({}, { patterns, selection: selectionOf(['list']) }))).toEqual(['Toy']);
    const { template } = synthesize(await app({ toys: '3' }, { patterns })).getStackByName('Toy');
    const { Resources } = template as { Resources: Record<string, TemplateResource> };
    expect(Object.values(Resources).map(({ Type }) => Type)).toEqual(Array(3).fill('AWS::SQS::Queue'));
    const findings = runRulesOnTemplates({ Toy: template });
    expect(findings.map(({ id }) => id)).toContain('sqs-long-polling');
    await expect(app({ toys: 'ten' }, { patterns })).rejects.toThrow("context toys is 'ten'; allowed: one to nine");
    await expect(app({ toys: '3' })).rejects.toThrow('context key toys');
  });
});
