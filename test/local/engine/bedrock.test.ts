import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TemplateDocument } from '../../../local/assembly/resolved-template';
import { sleep } from '../../../local/clock/clock';
import { WallClock } from '../../../local/clock/wall-clock';
import { LocalEngine } from '../../../local/engine/local-engine';
import { expectEventually } from '../../fixtures/eventually';

/** Asks a knowledge base, and then a model by a stream, as handlers do: over HTTP/1.1, which runs in process too. */
const CODE = `
import { BedrockAgentRuntimeClient, RetrieveCommand } from '@aws-sdk/client-bedrock-agent-runtime';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
const requestHandler = new NodeHttpHandler();
const agent = new BedrockAgentRuntimeClient({ maxAttempts: 1, requestHandler });
const runtime = new BedrockRuntimeClient({ maxAttempts: 1, requestHandler });
export const handler = async ({ question, stopAfter }) => {
  const knowledgeBaseId = process.env.KNOWLEDGE_BASE_ID;
  const { retrievalResults } = await agent.send(new RetrieveCommand({ knowledgeBaseId, retrievalQuery: { text: question } }));
  const content = [...retrievalResults.map(({ content }) => ({ text: content.text })), { text: question }];
  const guardrailConfig = { guardrailIdentifier: process.env.GUARDRAIL_ID, guardrailVersion: process.env.GUARDRAIL_VERSION };
  const control = new AbortController();
  const tokens = [];
  try {
    const command = new ConverseStreamCommand({ modelId: 'model', messages: [{ role: 'user', content }], guardrailConfig });
    const { stream } = await runtime.send(command, { abortSignal: control.signal });
    for await (const { contentBlockDelta: delta } of stream) {
      if (delta === undefined) continue;
      tokens.push(delta.delta.text);
      if (tokens.length === stopAfter) control.abort();
    }
    return { tokens };
  } catch (error) {
    return { tokens, error: error.name, code: error.code };
  }
};`;

const get = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] });
const TEMPLATE: TemplateDocument = {
  Resources: {
    Documents: { Type: 'AWS::S3::Bucket' },
    Base: {
      Type: 'AWS::Bedrock::KnowledgeBase',
      Properties: { StorageConfiguration: { Type: 'S3_VECTORS' } },
    },
    Source: {
      Type: 'AWS::Bedrock::DataSource',
      Properties: {
        KnowledgeBaseId: get('Base', 'KnowledgeBaseId'),
        DataSourceConfiguration: {
          Type: 'S3',
          S3Configuration: { BucketArn: get('Documents', 'Arn'), InclusionPrefixes: ['documents/'] },
        },
      },
    },
    Guard: {
      Type: 'AWS::Bedrock::Guardrail',
      Properties: { BlockedInputMessaging: 'Not that.', BlockedOutputsMessaging: 'Not so.' },
    },
    GuardVersion: {
      Type: 'AWS::Bedrock::GuardrailVersion',
      Properties: { GuardrailIdentifier: get('Guard', 'GuardrailId') },
    },
    Ask: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Key: 'ask.zip' },
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 30,
        Environment: {
          Variables: {
            KNOWLEDGE_BASE_ID: get('Base', 'KnowledgeBaseId'),
            GUARDRAIL_ID: get('Guard', 'GuardrailId'),
            GUARDRAIL_VERSION: get('GuardVersion', 'Version'),
          },
        },
      },
    },
  },
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'groundplan-bedrock-'));
  await build({
    stdin: { contents: CODE, resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    outfile: join(folder, 'index.js'),
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['process', 'threads'] as const)('Bedrock of a template, asked by handlers in %s', (handlers) => {
  let engine: LocalEngine;
  beforeEach(async () => {
    const deployment = { account: '111122223333', region: 'eu-west-1', stackName: 'Rag' };
    const stack = { template: TEMPLATE, deployment, assetFolder: () => folder };
    engine = await LocalEngine.start(stack, { handlers, ...(handlers === 'threads' && { clock: new WallClock() }) });
    const { name: Bucket } = engine.find('AWS::S3::Bucket', 'Documents');
    const Body = Buffer.from('The office opens at nine. Lunch is at noon.');
    engine.stores.s3.call('PutObject', { Bucket, Key: 'documents/t-a/1.md', Body });
    engine.stores.s3.call('PutObject', {
      Bucket,
      Key: 'uploads/t-a/2.md',
      Body: Buffer.from('The office opens at ten.'),
    });
    engine.bedrock.startOutsideJob(engine.find('AWS::Bedrock::DataSource', 'Source').attributes['DataSourceId'] ?? '');
    await engine.during(sleep(engine.clock, 5000));
  });
  afterEach(() => engine.stop());

  const ask = async (event: { question: string; stopAfter?: number }) => {
    const [fn] = engine.functions.values();
    if (fn === undefined) throw new Error('There is no function');
    return (await engine.during(fn.invoke(event))) as { tokens: string[]; error?: string; code?: string };
  };

  it('finds what the data source has, and answers by it', async () => {
    const { tokens } = await ask({ question: 'When does the office open?' });
    expect(tokens.join('')).toBe('The office opens at nine. [1]');
    expect(tokens.length).toBeGreaterThan(3);
  });

  it('says what the guardrail of the template says', async () => {
    engine.bedrock.script({ guardrail: { action: 'blocked-input' } });
    expect(await ask({ question: 'When does the office open?' })).toEqual({ tokens: ['Not that.'] });
  });

  it('dies midway, ends by an error, and is given up', async () => {
    engine.bedrock.script({ chunks: ['a', 'b'], dieAfter: 1 });
    expect(await ask({ question: 'office' })).toEqual({ tokens: ['a'], error: 'Error', code: 'ECONNRESET' });
    engine.bedrock.script({ chunks: ['a', 'b'], streamError: { after: 1, type: 'throttlingException' } });
    expect(await ask({ question: 'office' })).toEqual({ tokens: ['a'], error: 'ThrottlingException' });
    // The model waits for the client to be gone, however long that takes.
    let goOn: () => void = () => {};
    const hold = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    engine.bedrock.script({ chunks: Array(500).fill('a'), hold, holdAfter: 10 });
    expect((await ask({ question: 'office', stopAfter: 2 })).tokens.length).toBeLessThan(500);
    goOn();
    await expectEventually(() => engine.bedrock.calls.at(-1)?.ended).toBe('abandoned');
  });
});
