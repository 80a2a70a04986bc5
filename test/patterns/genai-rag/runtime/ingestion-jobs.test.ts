import { BedrockAgentClient } from '@aws-sdk/client-bedrock-agent';
import { describe, expect, it, vi } from 'vitest';
import { BedrockBusyError, IngestionJobs, inRequests } from '../../../../patterns/genai-rag/runtime/ingestion-jobs';
import { timeoutsOf } from '../../../lib/runtime/client-timeouts-fixture';

const IDS = { knowledgeBaseId: 'KB', dataSourceId: 'DS' };
const named = (name: string) => Object.assign(new Error(name), { name });

/** Jobs of a Bedrock that gives one answer. */
function jobsOf(answer: object | Error) {
  const send = vi.fn(async (_: { readonly input: object }) => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const jobs = new IngestionJobs(IDS, 'documents', { send } as never);
  return { jobs, inputs: () => send.mock.calls.map(([{ input }]) => input) };
}
const BUSY = ['ThrottlingException', 'TooManyRequestsException'].map(named);

describe('a job', () => {
  it('is started by its token', async () => {
    const { jobs, inputs } = jobsOf({ ingestionJob: { ingestionJobId: 'job-1' } });
    expect(await jobs.start('token-1')).toBe('job-1');
    expect(inputs()).toEqual([{ ...IDS, clientToken: 'token-1' }]);
    expect(await jobsOf({}).jobs.start('token-1')).toBeUndefined();
  });

  it('is not started while another one runs', async () => {
    for (const name of ['ConflictException', 'ServiceQuotaExceededException'])
      expect(await jobsOf(named(name)).jobs.start('token-1')).toBeUndefined();
  });

  it.each([
    [{ ingestionJob: { status: 'COMPLETE', failureReasons: ['one'] } }, { state: 'complete', reasons: ['one'] }],
    [{ ingestionJob: { status: 'COMPLETE' } }, { state: 'complete', reasons: [] }],
    [{ ingestionJob: { status: 'STOPPED' } }, { state: 'failed', reasons: ['The ingestion was stopped.'] }],
    [{ ingestionJob: { status: 'FAILED', failureReasons: ['two'] } }, { state: 'failed', reasons: ['two'] }],
    [{ ingestionJob: { status: 'IN_PROGRESS' } }, { state: 'running', reasons: [] }],
    [{}, { state: 'running', reasons: [] }],
    [named('ResourceNotFoundException'), { state: 'unknown', reasons: [] }],
  ])('that is %j is told as it is', async (answer, outcome) => {
    const { jobs, inputs } = jobsOf(answer);
    expect(await jobs.outcome('job-1')).toEqual(outcome);
    expect(inputs()).toEqual([{ ...IDS, ingestionJobId: 'job-1' }]);
  });

  it('fails as Bedrock does, and is busy when it is throttled', async () => {
    for (const error of [...BUSY, named('ValidationException'), named('ResourceNotFoundException')]) {
      const { jobs } = jobsOf(error);
      const failure = BUSY.includes(error) ? BedrockBusyError : error;
      const of = (work: Promise<unknown>) => expect(work).rejects;
      await of(jobs.start('t')).toThrow(failure);
      await of(jobs.documents([])).toThrow(failure);
      if (error.name !== 'ResourceNotFoundException') await of(jobs.outcome('j')).toThrow(failure);
    }
    await expect(jobsOf(named('ConflictException')).jobs.outcome('j')).rejects.toThrow('ConflictException');
  });
});

describe('documents', () => {
  it('are what the knowledge base says of them, and not found where it says nothing', async () => {
    const a = { identifier: { s3: { uri: 's3://documents/a' } }, status: 'INDEXED' };
    const { jobs, inputs } = jobsOf({ documentDetails: [{}, a] });
    expect([...(await jobs.documents(['a', 'b']))]).toEqual([
      ['a', a],
      ['b', { status: 'NOT_FOUND' }],
    ]);
    const identifierOf = (key: string) => ({ dataSourceType: 'S3', s3: { uri: `s3://documents/${key}` } });
    expect(inputs()).toEqual([{ ...IDS, documentIdentifiers: ['a', 'b'].map(identifierOf) }]);
    expect([...(await jobsOf({}).jobs.documents(['a']))]).toEqual([['a', { status: 'NOT_FOUND' }]]);
  });

  it('are asked for ten at a time', () => {
    const list = (length: number) => Array.from({ length }, (_, index) => index);
    expect([0, 1, 10, 11, 20].map((length) => inRequests(list(length)).map((part) => part.length))).toEqual([
      [],
      [1],
      [10],
      [10, 1],
      [10, 10],
    ]);
    expect(inRequests(list(21)).flat()).toEqual(list(21));
  });
});

it('are asked for by one client, three times at most, each within 10 seconds and 2 to connect', async () => {
  const clients = new Set<BedrockAgentClient>();
  const send = vi.spyOn(BedrockAgentClient.prototype, 'send').mockImplementation(async function (
    this: BedrockAgentClient,
  ) {
    clients.add(this);
    return {};
  } as never);
  const jobs = new IngestionJobs(IDS, 'documents');
  await jobs.start('token-1');
  await jobs.outcome('job-1');
  send.mockRestore();
  const [client] = clients;
  if (client === undefined || clients.size > 1) throw new Error(`There are ${clients.size} clients`);
  expect(await client.config.maxAttempts()).toBe(3);
  expect(await timeoutsOf(client)).toEqual({ connectionTimeout: 2000, requestTimeout: 10_000, socketTimeout: 10_000 });
});
