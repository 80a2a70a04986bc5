import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { DataKey, HandlerCode, HandlerFunction, JwtRestApi, stages, UserDirectory } from '../../../lib';
import { apiBehavior } from '../../../lib/edge/api-behavior';
import { OriginSecret } from '../../../lib/edge/origin-secret';
import { readStack, type SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import { testApp } from '../../synthesize';

/** A REST API with a function whose answers are whole and one whose answers stream, and a schedule of the first. */
export class RestFixture {
  private readonly outdir = mkdtempSync(join(tmpdir(), 'groundplan-rest-'));
  readonly stack: SynthesizedStack;

  constructor() {
    const app = testApp({ outdir: join(this.outdir, 'cdk.out') });
    const stack = new Stack(app, 'Mine', { env: { account: '111111111111', region: 'us-east-1' } });
    const stage = stages.dev;
    const { key: encryptionKey } = new DataKey(stack, 'Key', { stage, description: 'Logs' });
    const { userPool } = new UserDirectory(stack, 'Users', { stage });
    const code = HandlerCode.prebuilt('edge', 'origin-secret');
    const common = { stage, encryptionKey, code };
    const tell = new HandlerFunction(stack, 'Tell', { ...common, serviceName: 'tell', timeout: Duration.seconds(40) });
    const count = new HandlerFunction(stack, 'Count', {
      ...common,
      serviceName: 'count',
      timeout: Duration.seconds(120),
    });
    const api = new JwtRestApi(stack, 'Api', {
      stage,
      encryptionKey,
      userPool,
      scopes: ['aws.cognito.signin.user.admin'],
    });
    api.route('POST', '/api/items/{id}', tell.alias);
    api.streamRoute('GET', '/api/count', count.alias, Duration.seconds(90));
    api.streamRoute('GET', '/api/whole', tell.alias, Duration.seconds(40));
    api.publicRoute('GET', '/api/health', tell.alias);
    const secret = new OriginSecret(stack, 'OriginSecret', { stage, encryptionKey });
    new Distribution(stack, 'Edge', {
      defaultBehavior: apiBehavior(stack, secret.originOfRest(api.api, api.deploymentStage)),
    });
    new CfnSchedule(stack, 'Tick', {
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: tell.function.functionArn, roleArn: 'arn:aws:iam::111111111111:role/tick' },
    });
    app.synth();
    this.stack = readStack(join(this.outdir, 'cdk.out'), 'Mine');
  }

  /** Runs it with other code, by the name of the service. */
  start(code: Readonly<Record<string, string>>, options: LocalEngineOptions = {}): Promise<LocalEngine> {
    const folders = Object.entries(code).map(([service, source]) => {
      const folder = mkdtempSync(join(this.outdir, `${service}-`));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'index.js'), source);
      return [service, folder] as const;
    });
    return LocalEngine.start(this.stack, { code: Object.fromEntries(folders), ...options });
  }

  remove(): void {
    rmSync(this.outdir, { recursive: true, force: true });
  }
}

/** Answers with the event. */
export const TELL = `exports.handler = async (event) => ({
  statusCode: 201, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(event) });`;

/** Counts to three, two seconds apart, and tells when. */
export const COUNT = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const answer = awslambda.HttpResponseStream.from(stream, {
    statusCode: 200, headers: { 'Content-Type': 'text/event-stream' } });
  for (const n of [1, 2, 3]) { answer.write('data: ' + n + '\\n\\n'); await wait(2000); }
  answer.end();
});`;
