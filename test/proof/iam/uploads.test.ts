import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { readStack } from '../../../local/assembly/cloud-assembly';
import { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { uploadsStack } from '../../lib/storage/uploads-stack-fixture';
import { testApp } from '../../synthesize';
import { expectAllowed, expectDenied, find } from './harness';
import type { AccessRequest } from './policies';
import { inspectingRequests, presigningRequests } from './upload-requests';

const outdir = mkdtempSync(join(tmpdir(), 'groundplan-uploads-iam-'));
let template: ResolvedTemplate;
beforeAll(() => {
  const app = testApp({ outdir });
  uploadsStack(app);
  app.synth();
  const { template: document, deployment } = readStack(outdir, 'Uploads');
  template = new ResolvedTemplate(document, deployment);
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** What a role does to an object. */
function onObject(role: 'Api' | 'Inspect', action: string, key: string, context = {}): AccessRequest {
  const bucket = find(template, 'AWS::S3::Bucket');
  const principal = find(template, 'AWS::IAM::Role', `${role}Role`).arn;
  return { principal, action: `s3:${action}`, resource: `${bucket.arn}/${key}`, policyOf: bucket.logicalId, context };
}

const all = (role: 'Api' | 'Inspect', actions: readonly string[], key: string) =>
  actions.map((action) => onObject(role, action, key));

it('lets both make the calls that they make', async () => {
  await expectAllowed(template, [
    ...presigningRequests(template, find(template, 'AWS::Lambda::Function', 'ApiFunction').logicalId),
    ...inspectingRequests(template, find(template, 'AWS::Lambda::Function', 'InspectFunction').logicalId),
  ]);
});

describe('the role that signs', () => {
  it('does what it signs, completes what came in parts, deletes, and knows what is not there', async () => {
    const bucket = find(template, 'AWS::S3::Bucket');
    const list = { ...onObject('Api', 'ListBucket', ''), resource: bucket.arn };
    await expectAllowed(template, [...all('Api', ['PutObject', 'GetObject', 'DeleteObject'], 'uploads/ada/1'), list]);
  });

  it('does nothing outside of its folder, and nothing else in it', async () => {
    const actions = ['PutObject', 'GetObject', 'DeleteObject'];
    await expectDenied(template, [
      ...all('Api', actions, 'quarantine/ada/1'),
      ...all('Api', actions, 'index.html'),
      ...all('Api', ['PutObjectAcl', 'GetObjectVersion', 'DeleteObjectVersion', 'PutObjectTagging'], 'uploads/ada/1'),
    ]);
  });

  it('signs nothing that holds longer than 15 minutes', async () => {
    const aged = (age: number) => onObject('Api', 'PutObject', 'uploads/ada/1', { 's3:signatureAge': String(age) });
    await expectAllowed(template, [aged(0), aged(900_000)]);
    await expectDenied(template, [aged(900_001), aged(3_600_000)]);
  });

  it('signs nothing for the wire in the clear', async () => {
    await expectDenied(template, [onObject('Api', 'PutObject', 'uploads/ada/1', { 'aws:SecureTransport': 'false' })]);
  });
});

describe('the role that inspects', () => {
  it('reads and deletes what came, and moves it into quarantine', async () => {
    await expectAllowed(template, [
      ...all('Inspect', ['GetObject', 'DeleteObject'], 'uploads/ada/1'),
      onObject('Inspect', 'PutObject', 'quarantine/ada/1'),
    ]);
  });

  it('puts nothing among what came, and takes nothing out of quarantine', async () => {
    await expectDenied(template, [
      onObject('Inspect', 'PutObject', 'uploads/ada/1'),
      ...all('Inspect', ['GetObject', 'DeleteObject'], 'quarantine/ada/1'),
    ]);
  });
});

it('lets both use the key for it', async () => {
  const key = find(template, 'AWS::KMS::Key');
  for (const role of ['ApiRole', 'InspectRole']) {
    const principal = find(template, 'AWS::IAM::Role', role).arn;
    const use = (action: string) => ({ principal, action, resource: key.arn, policyOf: key.logicalId });
    await expectAllowed(template, [use('kms:GenerateDataKey'), use('kms:Decrypt')]);
    await expectDenied(template, [use('kms:ScheduleKeyDeletion'), use('kms:CreateGrant')]);
  }
});

it('lets the rule fill its queue and its dead-letter queue, and no other rule', async () => {
  const rule = find(template, 'AWS::Events::Rule');
  for (const id of ['EventsWorkQueue', 'EventsUndelivered']) {
    const queue = find(template, 'AWS::SQS::Queue', id);
    const send = (arn: string) => ({
      principal: 'events.amazonaws.com',
      action: 'sqs:SendMessage',
      resource: queue.arn,
      policyOf: queue.logicalId,
      context: { 'aws:SourceArn': arn },
    });
    await expectAllowed(template, [send(rule.arn)]);
    await expectDenied(template, [send(`${rule.arn}-other`)]);
  }
});
