import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BedrockClient, GetModelInvocationLoggingConfigurationCommand } from '@aws-sdk/client-bedrock';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { DescribeStatementCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { callTimeouts } from '../../../lib/runtime/call-timeouts';
import { ONE_STREAM_A_CONNECTION } from '../../../patterns/data-pipeline/load/stream-requests';
import { deafServer, type SilentServer, silentServer } from './silent-server-fixture';

/** Every bound is so many times shorter here: what the clients wait for are milliseconds. */
const FASTER = 25;
vi.mock('../../../lib/runtime/call-timeouts', async (original) => {
  const actual = await original<typeof import('../../../lib/runtime/call-timeouts')>();
  return {
    callTimeouts: (given: Parameters<typeof actual.callTimeouts>[0]) => {
      const options = actual.callTimeouts(given);
      const shorter = Object.entries(options).map(([name, value]) => [
        name,
        typeof value === 'number' ? Math.ceil(value / FASTER) : value,
      ]);
      return Object.fromEntries(shorter) as typeof options;
    },
  };
});

const BOUNDS = {
  maxTokens: 500,
  maxPassages: 5,
  maxHistoryTokens: 1000,
  dailyTokens: 100_000,
  questionsPerMinute: 100,
  answerSeconds: 60,
  conversationDays: 30,
  maxToolRounds: 2,
};
const CLIENT = { region: 'eu-west-1', maxAttempts: 2, credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };

/** The clients as the handlers make them, each with a call. Loaded once the environment says where to. */
const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  'DynamoDB, of every handler': async () => {
    const { documents } = await import('../../../lib/runtime/document-client.js');
    return documents.send(new GetCommand({ TableName: 't', Key: { pk: 'x' } }));
  },
  'S3, for claims': async () => (await import('../../../lib/runtime/claim-check.js')).putClaim('x', 'x'),
  'S3, for uploads': async () => {
    const { PresignedRequests } = await import('../../../lib/runtime/presigned-upload.js');
    return new PresignedRequests('b', 600).isOpen('k', 'u');
  },
  'S3, for documents': async () => {
    const { DocumentFiles } = await import('../../../patterns/genai-rag/runtime/document-files.js');
    return new DocumentFiles('b').find('k');
  },
  'S3, for long turns': async () => {
    const { removeClaim } = await import('../../../patterns/genai-rag/runtime/long-turns.lazy.js');
    return removeClaim({ key: 'k', bytes: 1, sha256: 'x' });
  },
  'S3, for inspections': async () => {
    const { InspectedObjects } = await import('../../../patterns/web-app/runtime/inspected-objects.js');
    return new InspectedObjects('b').look('k');
  },
  'S3, for rejections': async () => {
    const { putObject } = await import('../../../patterns/data-pipeline/runtime/put-object.lazy.js');
    return putObject({ Bucket: 'b', Key: 'k', Body: 'x' });
  },
  'Bedrock, to ingest': async () => {
    const { IngestionJobs } = await import('../../../patterns/genai-rag/runtime/ingestion-jobs.js');
    return new IngestionJobs({ knowledgeBaseId: 'KNOWLEDGE1', dataSourceId: 'DOCUMENTS1' }, 'b').start('x'.repeat(33));
  },
  'Bedrock, to search': async () => {
    const { retrieval } = await answering();
    return retrieval.passages({ tenant: 't-x', question: 'x' }, new AbortController().signal);
  },
  'Lambda, for tools': async () => {
    const { invoke } = await import('../../../patterns/genai-rag/runtime/invoke-tool.lazy.js');
    return invoke('f', { tenant: 't', user: 'u', input: {} }, new AbortController().signal);
  },
  SNS: () => client(SNSClient).send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:1:t', Message: 'x' })),
  Glue: () => client(GlueClient).send(new GetTableCommand({ DatabaseName: 'd', Name: 't' })),
  'Redshift Data': () => client(RedshiftDataClient).send(new DescribeStatementCommand({ Id: 'x' })),
  'RDS Data': () =>
    client(RDSDataClient).send(new ExecuteStatementCommand({ resourceArn: 'a', secretArn: 's', sql: 'x' })),
  Bedrock: () => client(BedrockClient).send(new GetModelInvocationLoggingConfigurationCommand({})),
};

type Make<Client> = new (config: typeof CLIENT & { readonly requestHandler: object }) => Client;

/** A client of a handler that makes it when it is loaded; that it is made so is looked up below. */
function client<Client>(Client: Make<Client>): Client {
  return new Client({ ...CLIENT, requestHandler: callTimeouts({ answerMs: 2000 }) });
}

async function answering() {
  const { answeringFromEnvironment } = await import('../../../patterns/genai-rag/runtime/ask.js');
  const { WALL_TIME } = await import('../../../patterns/genai-rag/runtime/timing.js');
  return answeringFromEnvironment(WALL_TIME);
}

function environment(port: number): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    POWERTOOLS_METRICS_NAMESPACE: 'test',
    CLAIMS_BUCKET: 'b',
    CONVERSATIONS_TABLE: 't',
    KNOWLEDGE_BASE_ID: 'KNOWLEDGE1',
    MODEL_ID: 'm',
    GUARDRAIL_ID: 'g',
    GUARDRAIL_VERSION: '1',
    ANSWER_BOUNDS: JSON.stringify(BOUNDS),
  });
}

let server: SilentServer;

describe.each([
  ['takes connections and never answers', silentServer],
  ['never takes a connection', deafServer],
])('a service that %s', (_, serve) => {
  beforeAll(async () => {
    vi.resetModules();
    server = await serve();
    environment(server.port);
  });
  afterAll(() => server.close());

  it.each(Object.keys(CALLS))('is given up (%s)', async (name) => {
    await expect(CALLS[name]?.()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('is given up by the client of load and replay, over HTTP/2', async () => {
    const requestHandler = { ...ONE_STREAM_A_CONNECTION, requestTimeout: 200 };
    const kinesis = new KinesisClient({ ...CLIENT, maxAttempts: 1, requestHandler });
    const asked = kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
    kinesis.destroy();
  });

  it('ends an answer of the model at its deadline, which is its only bound', async () => {
    const { model, timing } = await answering();
    const { Deadline } = await import('../../../patterns/genai-rag/runtime/timing.js');
    const { ToolBox } = await import('../../../patterns/genai-rag/runtime/tools.js');
    const deadline = new Deadline(timing, Date.now() + 200);
    const nothing = { onText: () => {}, onThrottle: () => {}, onUsage: () => {} };
    const messages = [{ role: 'user' as const, content: [{ text: 'x' }] }];
    const reply = model.reply(messages, new ToolBox([]), deadline, nothing);
    await expect(reply).rejects.toMatchObject({ name: expect.stringMatching(/^(DeadlinePassed|TimeoutError)$/) });
    deadline.end();
  });
});

describe('an answer that stops in its middle', () => {
  const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 1000\r\n\r\n{"Item":';
  beforeAll(async () => {
    vi.resetModules();
    server = await silentServer(HEAD);
    environment(server.port);
  });
  afterAll(() => server.close());

  it.each(['DynamoDB, of every handler', 'S3, for inspections'])('is given up (%s)', async (name) => {
    await expect(CALLS[name]?.()).rejects.toThrow();
  });
});

describe('the retries of DynamoDB', () => {
  it('go on: a silent server is tried four times', async () => {
    vi.resetModules();
    const silent = await silentServer();
    environment(silent.port);
    const { documents } = await import('../../../lib/runtime/document-client.js');
    const asked = documents.send(new GetCommand({ TableName: 't', Key: { pk: 'x' } }));
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError', $metadata: { attempts: 4 } });
    expect(silent.taken()).toBe(4);
    await silent.close();
  });
});

describe('every client of the run-time world', () => {
  const ROOT = join(__dirname, '../../..');
  const FOLDERS = ['handlers', 'runtime', 'container', 'producer', 'load', 'replay'];
  const patterns = readdirSync(join(ROOT, 'patterns')).flatMap((name) =>
    FOLDERS.map((folder) => join('patterns', name, folder)),
  );
  const files = ['lib/runtime', ...patterns].flatMap((folder) => {
    try {
      return readdirSync(join(ROOT, folder)).map((name) => join(folder, name));
    } catch {
      return [];
    }
  });
  const made = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      return [...text.matchAll(/new (\w+Client)\(/g)].map(({ index, 1: name }) => ({
        file,
        name,
        text: text.slice(index),
      }));
    });

  it('is made with time limits', () => {
    expect(made.length).toBeGreaterThanOrEqual(15);
    // `requestHandler` alone is the shorthand of one that is named so because it does not fit the line.
    const without = made.filter(
      ({ text }) =>
        !/^[^;]*\brequestHandler(: (new NodeHttpHandler\()?callTimeouts\(|: ONE_STREAM_A_CONNECTION|\s*\})/.test(text),
    );
    expect(without.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });
});
