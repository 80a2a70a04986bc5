import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readStack } from '../../../local/assembly/cloud-assembly';
import { LocalEngine } from '../../../local/engine/local-engine';
import { testApp } from '../../synthesize';
import { KinesisPutRecord } from './kinesis-put-record-fixture';

let outdir: string;
let engine: LocalEngine;
beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), 'groundplan-integration-'));
  const app = testApp({ outdir });
  const stack = new Stack(app, 'Mine');
  const stream = new Stream(stack, 'Events', { shardCount: 1, encryption: StreamEncryption.UNENCRYPTED });
  const integration = new KinesisPutRecord('Put', stream);
  new HttpApi(stack, 'Api').addRoutes({ path: '/events', methods: [HttpMethod.POST], integration });
  app.synth();
  engine = await LocalEngine.start(readStack(outdir, 'Mine'));
});
afterAll(async () => {
  await engine.stop();
  rmSync(outdir, { recursive: true, force: true });
});

const base64 = (text: string) => Buffer.from(text).toString('base64');
const post = (body: string) => engine.api.request({ method: 'POST', path: '/events', body });
const records = () => engine.stores.kinesis.stream(engine.find('AWS::Kinesis::Stream', 'Events').name).records();
const sized = (bytes: number) => {
  const room = bytes - JSON.stringify({ key: 's-1', data: '' }).length;
  return JSON.stringify({ key: 's-1', data: 'A'.repeat(room - (room % 4)) }).padEnd(bytes);
};

it('puts the record of a body into a stream', async () => {
  const data = base64('{"event_id":"e-1"}');
  const answer = await post(JSON.stringify({ key: 's-1', data }));
  expect(answer.statusCode).toBe(200);
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ SequenceNumber: expect.stringMatching(/^\d{56}$/) });
  expect(records()).toMatchObject([{ partitionKey: 's-1', data }]);
  expect((await post(sized(100_000))).statusCode).toBe(200);
});

it.each([
  ['no key', JSON.stringify({ data: base64('{}') })],
  ['an empty key', JSON.stringify({ key: '', data: base64('{}') })],
  ['no data', JSON.stringify({ key: 's-1' })],
  ['data that are no text', JSON.stringify({ key: 's-1', data: {} })],
  ['no JSON', 'key=s-1'],
  ['nothing', ''],
  ['null', 'null'],
  ['a list', '[]'],
  ['a body of three bytes more than 100 KB', `{"key":"s-1","data":"${'A'.repeat(99_980)}"}`],
])('answers 400 to %s', async (_, body) => {
  expect((await post(body)).statusCode).toBe(400);
});

it.each([
  ['data that are not in base64', { key: 's-1', data: '{"event_id":"e-1"}' }],
  ['a key too long', { key: 'k'.repeat(257), data: base64('{}') }],
])('answers 500 to what Kinesis refuses, as API Gateway does: %s', async (_, body) => {
  expect(await post(JSON.stringify(body))).toMatchObject({
    statusCode: 500,
    body: '{"message":"Internal Server Error"}',
  });
});
