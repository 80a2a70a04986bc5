import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCaller } from '../../../../lib/operations/doctor/aws/caller';
import { USAGE } from '../../../../lib/operations/doctor/options';
import { denied, Refusal } from './account-fixture';
import { useDoctor } from './doctor-fixture';

const fixture = useDoctor();
const { run, assembly } = fixture;
const QUEUE = { Queue: { Type: 'AWS::SQS::Queue' } };
const here = process.cwd();
afterEach(() => process.chdir(here));

describe('groundplan doctor', () => {
  it('ends with 0 where nothing will fail, and tells who asked', async () => {
    const { code, out, err } = await run([assembly({ Shop: QUEUE })]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      [
        'Nothing will fail, 0 cannot be told, 3 ok.',
        '',
        'ok  credentials  eu-west-1  caller: arn:aws:iam::111122223333:user/ada, for eu-west-1',
        'ok  bootstrap    eu-west-1  /cdk-bootstrap/hnb659fds/version: version 30, and 6 is needed',
        'ok  stack        eu-west-1  Shop: not deployed yet',
      ].join('\n'),
    );
  });

  it('ends with 1 where something will fail, and begins with it', async () => {
    const answers = {
      'ssm:GetParameter': () => new Refusal('ParameterNotFound'),
      'cloudformation:DescribeStacks': denied,
    };
    const { code, out } = await run([assembly({ Shop: QUEUE })], answers);
    expect(code).toBe(1);
    expect(out).toBe(
      [
        '1 will fail, 1 cannot be told, 1 ok.',
        '',
        'WILL FAIL  bootstrap: /cdk-bootstrap/hnb659fds/version (111122223333, eu-west-1)',
        '  Stacks: Shop',
        '  The region is not bootstrapped: there is no parameter /cdk-bootstrap/hnb659fds/version.',
        '  Run: npx cdk bootstrap aws://111122223333/eu-west-1',
        '',
        'CANNOT TELL  stack: Shop (111122223333, eu-west-1)',
        '  Stacks: Shop',
        '  no permission for cloudformation:DescribeStacks in eu-west-1.',
        '',
        'ok  credentials  eu-west-1  caller: arn:aws:iam::111122223333:user/ada, for eu-west-1',
      ].join('\n'),
    );
  });

  it('ends with 0 where it only cannot tell', async () => {
    expect((await run([assembly({ Shop: QUEUE })], { 'ssm:GetParameter': denied })).code).toBe(0);
  });

  it('waits for no answer forever', async () => {
    const server = createServer((request, response) => {
      if (request.headers['x-amz-target'] !== undefined) return;
      response.end(
        '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const callerFor = () => createCaller({ region: 'eu-west-1', endpoint, credentials, timeoutMs: 500 });
    const { code, out } = await run([assembly({ Shop: QUEUE })], {}, { callerFor });
    server.closeAllConnections();
    server.close();
    expect(code).toBe(0);
    expect(out).toContain('ssm:GetParameter in eu-west-1 did not answer in time.');
  });

  it('looks at each stack where it belongs', async () => {
    const folder = assembly({ Shop: QUEUE }, { environment: 'aws://unknown-account/us-east-1' });
    expect((await run([folder])).code).toBe(0);
    const asked = fixture.account().asked.map(({ action, region }) => `${action} ${region}`);
    expect(asked).toEqual([
      'sts:GetCallerIdentity eu-west-1',
      'ec2:DescribeRegions eu-west-1',
      'ssm:GetParameter us-east-1',
      'cloudformation:DescribeStacks us-east-1',
    ]);
  });

  it.each([
    ['eu-south-1', 'The account has not enabled this region', ['aws account enable-region --region-name eu-south-1']],
    ['eu-west-9', 'There is no region eu-west-9: correct it in the stack', []],
  ])('asks nothing in a region that does not answer: %s', async (region, reason, commands) => {
    const folder = assembly({ Shop: QUEUE }, { environment: `aws://unknown-account/${region}` });
    const { code, out } = await run([folder, '--json']);
    expect([code, JSON.parse(out)[0]]).toMatchObject([1, { check: 'region', is: 'will-fail', reason, commands }]);
    expect(fixture.account().asked.map(({ action }) => action)).toEqual([
      'sts:GetCallerIdentity',
      'ec2:DescribeRegions',
    ]);
  });

  it('tells a region that the account has not enabled from credentials that are refused', async () => {
    const answers = {
      'sts:GetCallerIdentity': ({ region }: { readonly region: string }) =>
        region === 'us-east-1'
          ? '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'
          : new Refusal('InvalidClientTokenId', 'The security token included in the request is invalid', 403),
    };
    const { code, out } = await run([assembly({ Shop: QUEUE }), '--region', 'eu-south-1', '--json'], answers);
    expect([code, JSON.parse(out)[0]]).toMatchObject([
      1,
      { check: 'region', region: 'eu-south-1', commands: ['aws account enable-region --region-name eu-south-1'] },
    ]);
  });

  it('does not ask one account about stacks of another', async () => {
    const folder = assembly({ Shop: QUEUE }, { environment: 'aws://999988887777/eu-west-1' });
    const { code, out } = await run([folder]);
    expect(code).toBe(1);
    expect(out).toContain('WILL FAIL  credentials: another account (999988887777, eu-west-1)\n  Stacks: Shop\n');
    expect(out).toContain('  Run: AWS_PROFILE=<a profile of 999988887777> npx groundplan doctor');
    expect(out).toContain('for no stack of this account');
    expect(fixture.account().asked).toHaveLength(1);
  });

  it('looks only at the stacks that are named', async () => {
    const folder = assembly({ Shop: QUEUE, ShopData: QUEUE, Other: QUEUE });
    const stacksOf = async (...names: readonly string[]) => {
      const { out } = await run([folder, ...names, '--json']);
      const all = JSON.parse(out) as readonly { readonly check: string; readonly subject: string }[];
      return all.filter(({ check }) => check === 'stack').map(({ subject }) => subject);
    };
    expect(await stacksOf('Shop')).toEqual(['Shop']);
    expect(await stacksOf('Shop*')).toEqual(['Shop', 'ShopData']);
    process.chdir(fixture.folder);
    const { code, out } = await run(['Other']);
    expect([code, out.includes('Other: not deployed yet'), out.includes('Shop: ')]).toEqual([0, true, false]);
  });

  it('synthesizes a pattern with its context, in the region of the caller', async () => {
    const given: object[] = [];
    const syntheses = {
      shop: async (context: object, outdir: string) => {
        given.push(context);
        mkdirSync(outdir, { recursive: true });
        const artifact = { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/eu-west-1' };
        const artifacts = { Shop: { ...artifact, properties: { templateFile: 'Shop.template.json' } } };
        writeFileSync(join(outdir, 'manifest.json'), JSON.stringify({ artifacts }));
        writeFileSync(join(outdir, 'Shop.template.json'), JSON.stringify({ Resources: QUEUE }));
      },
    };
    expect((await run(['shop', '-c', 'stage=prod', '-c', 'x=a=b'], {}, { syntheses })).out).toContain(
      'Shop: not deployed yet',
    );
    await run(['shop', '-c', 'region=us-east-1'], {}, { syntheses });
    expect(given).toEqual([{ region: 'eu-west-1', stage: 'prod', x: 'a=b' }, { region: 'us-east-1' }]);
  });

  it('prints a policy, and asks nothing', async () => {
    const { code, out } = await run(['--policy']);
    expect([code, JSON.parse(out).Statement[0].Effect]).toEqual([0, 'Allow']);
    expect(fixture.account().asked).toEqual([]);
  });

  it('prints how it is used, in lines of a terminal', async () => {
    const { code, out } = await run(['--help']);
    expect([code, out]).toEqual([0, USAGE]);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });
});

describe('groundplan doctor that cannot begin', () => {
  it.each([
    ['ExpiredToken', /^AWS refuses the credentials: sign in again\. ExpiredToken: /],
    ['InvalidClientTokenId', /^AWS refuses the credentials/],
  ])('ends with 2 and one line for credentials that are refused: %s', async (code, message) => {
    const refused = { 'sts:GetCallerIdentity': () => new Refusal(code, 'The security token is expired', 403) };
    const result = await run([assembly({ Shop: QUEUE })], refused);
    expect([result.code, result.out]).toEqual([2, '']);
    expect(result.err).toMatch(message);
    expect(result.err).not.toContain('\n');
  });

  it('ends with 2 and one line where AWS is not reached', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await new Promise((closed) => server.close(closed));
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const callerFor = () => createCaller({ region: 'eu-west-1', endpoint, credentials });
    const { code, err } = await run([assembly({ Shop: QUEUE })], {}, { callerFor });
    expect([code, err.split('\n')]).toEqual([
      2,
      [
        expect.stringMatching(
          /^AWS cannot be reached in eu-west-1: check the region and the network\. connect ECONNREFUSED/,
        ),
      ],
    ]);
  });

  it.each([
    [
      ['nothing'],
      /^There is no nothing: no pattern \(none\), no folder, and no cdk\.out with a stack of that name; run "npx cdk synth" first$/,
    ],
    [[], /^cdk\.out does not exist; run "cdk synth" first/],
    [['.'], /^\. has no template and no cloud assembly$/],
    [
      ['templates'],
      /^templates is no cloud assembly \(it has no manifest\.json with a stack\): run "npx cdk synth" first$/,
    ],
    [['broken'], /^broken\/manifest\.json cannot be read: /],
    [['good', 'Nope'], /^good has no stack Nope; it has Shop$/],
    [['good', '-c', 'stage=prod'], /^-c is for a pattern \(none\)/],
    [['good', '-c', 'stage'], /^-c is stage; allowed: key=value/],
    [['good', '--region', 'Ireland'], /^--region is Ireland; allowed: a region such as eu-west-1$/],
    [['--unknown'], /^Unknown option '--unknown'/],
  ])('ends %j with 2 and one line', async (args, message) => {
    process.chdir(fixture.folder);
    mkdirSync('templates');
    writeFileSync('templates/Shop.json', JSON.stringify({ Resources: QUEUE }));
    mkdirSync('broken');
    writeFileSync('broken/manifest.json', '{');
    mkdirSync('good');
    const properties = { templateFile: 'Shop.json' };
    writeFileSync(
      'good/manifest.json',
      JSON.stringify({ artifacts: { Shop: { type: 'aws:cloudformation:stack', properties } } }),
    );
    writeFileSync('good/Shop.json', JSON.stringify({ Resources: QUEUE }));
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toContain('\n');
  });

  it('ends with 2 for an assembly of names alone', async () => {
    const folder = assembly({ Shop: { NotBuilt: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } });
    const { code, err } = await run([folder]);
    expect([code, err]).toEqual([
      2,
      `${folder} was written by "cdk list", which builds no stack: run "npx cdk synth" first`,
    ]);
  });

  it('ends with 2 and the refusal of a pattern', async () => {
    const refusal = Object.assign(new Error("app: context stage is 'x'; allowed: dev"), { name: 'RefusedValueError' });
    const syntheses = { shop: () => Promise.reject(refusal) };
    const { code, err } = await run(['shop', '-c', 'stage=x'], {}, { syntheses });
    expect([code, err]).toEqual([2, refusal.message]);
  });
});
