import {
  GetIngestionJobCommand,
  GetKnowledgeBaseDocumentsCommand,
  ListIngestionJobsCommand,
} from '@aws-sdk/client-bedrock-agent';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BedrockFixture, BUCKET, DATA_SOURCE, found, IDS, startJob, statusesOf } from './bedrock-fixture';

let stand: BedrockFixture;
beforeEach(async () => {
  stand = new BedrockFixture({ jobMs: JOB_MS });
  await stand.start();
});
afterEach(() => stand.stop());

/** Longer than the time between two requests (AWS: Bedrock quotas, StartIngestionJob). */
const JOB_MS = 30_000;
const BETWEEN_MS = 10_000;
const token = (name: string) => name.padEnd(33, '0');
const start = async (name?: string) => {
  stand.ahead += BETWEEN_MS;
  return (await startJob(stand.agent(), name && token(name))).ingestionJob?.ingestionJobId ?? '';
};
const get = async (ingestionJobId: string) =>
  (await stand.agent().send(new GetIngestionJobCommand({ ...IDS, ingestionJobId }))).ingestionJob;
/** Takes in what is there. */
async function ingest() {
  const id = await start();
  stand.ahead += JOB_MS;
  return get(id);
}

describe('a job', () => {
  it('goes through its statuses with the time, and tells what it did', async () => {
    stand.put('documents/t-a/1.md', 'Leave is 30 days.', { tenant: 't-a' });
    stand.put('documents/t-a/2.txt', 'Lunch is at noon.');
    stand.put('other/3.md', 'Not of this data source.');
    const { ingestionJob } = await startJob(stand.agent());
    expect(ingestionJob).toMatchObject({ ...IDS, status: 'STARTING', startedAt: new Date('2026-11-24T10:00:00Z') });
    const id = ingestionJob?.ingestionJobId ?? '';
    expect((await get(id))?.status).toBe('IN_PROGRESS');
    stand.ahead += JOB_MS;
    expect(await get(id)).toMatchObject({
      status: 'COMPLETE',
      updatedAt: new Date('2026-11-24T10:00:30Z'),
      statistics: {
        numberOfDocumentsScanned: 2,
        numberOfMetadataDocumentsScanned: 1,
        numberOfNewDocumentsIndexed: 2,
        numberOfModifiedDocumentsIndexed: 0,
        numberOfDocumentsDeleted: 0,
        numberOfDocumentsFailed: 0,
      },
    });
  });

  it('takes up what was added, changed and deleted since the last', async () => {
    const [kept, changed, renamed, gone] = ['kept', 'changed', 'renamed', 'gone'].map((name) =>
      stand.put(`documents/${name}.md`, `A text that is ${name}.`, { name }),
    ) as [string, string, string, string];
    await ingest();
    stand.put('documents/changed.md', 'A text that is new.', { name: 'changed' });
    stand.put('documents/renamed.md', 'A text that is renamed.', { name: 'other' });
    stand.s3.call('DeleteObject', { Bucket: BUCKET, Key: 'documents/gone.md' });
    const before = await statusesOf(stand.agent(), gone);
    const { statistics } = (await ingest()) ?? {};
    expect(statistics).toMatchObject({
      numberOfNewDocumentsIndexed: 0,
      numberOfModifiedDocumentsIndexed: 1,
      numberOfMetadataDocumentsModified: 1,
      numberOfDocumentsDeleted: 1,
    });
    expect(before).toEqual(['INDEXED']);
    expect(await statusesOf(stand.agent(), kept, changed, renamed, gone)).toEqual([
      ...['INDEXED', 'INDEXED', 'INDEXED', 'NOT_FOUND'],
    ]);
    expect(await found(stand.agentRuntime(), 'text new gone')).toContain('A text that is new.');
    expect(await found(stand.agentRuntime(), 'gone')).toEqual([]);
  });

  it('takes in what was there as it started, and what came later is for the next', async () => {
    stand.bedrock.holdJobs();
    const id = await start();
    const late = stand.put('documents/late.md', 'It came late.');
    stand.ahead = 60_000;
    expect((await get(id))?.status).toBe('IN_PROGRESS');
    stand.bedrock.releaseJobs();
    expect((await get(id))?.status).toBe('COMPLETE');
    expect(await statusesOf(stand.agent(), late)).toEqual(['NOT_FOUND']);
    await ingest();
    expect(await statusesOf(stand.agent(), late)).toEqual(['INDEXED']);
  });

  it('is alone: another is a conflict until it has ended, whoever started it', async () => {
    const outside = stand.bedrock.startOutsideJob(DATA_SOURCE);
    await expect(start()).rejects.toMatchObject({ name: 'ConflictException', $metadata: { httpStatusCode: 409 } });
    stand.ahead += JOB_MS;
    const own = await start();
    expect(() => stand.bedrock.startOutsideJob(DATA_SOURCE)).toThrow(own);
    expect(stand.bedrock.jobs().map((job) => [job.id, job.outside])).toEqual([
      [outside, true],
      [own, false],
    ]);
  });

  it('is the same for the same token, also once it has ended', async () => {
    const first = await start('a');
    expect(await start('a')).toBe(first);
    stand.ahead += JOB_MS;
    expect(await start('a')).toBe(first);
    expect(await start('b')).not.toBe(first);
  });

  it('fails with everything in it, and the next makes up for it', async () => {
    const uri = stand.put('documents/1.md', 'A text.');
    stand.bedrock.failJob('The role may not read the bucket.');
    expect(await ingest()).toMatchObject({ status: 'FAILED', failureReasons: ['The role may not read the bucket.'] });
    expect(await statusesOf(stand.agent(), uri)).toEqual(['NOT_FOUND']);
    expect((await ingest())?.status).toBe('COMPLETE');
    expect(await statusesOf(stand.agent(), uri)).toEqual(['INDEXED']);
  });

  it('is listed, the newest first, and by its status', async () => {
    const ids = [await start()];
    stand.ahead += JOB_MS;
    ids.unshift(await start());
    const list = (input = {}) => stand.agent().send(new ListIngestionJobsCommand({ ...IDS, ...input }));
    const first = await list({ maxResults: 1 });
    const second = await list({ maxResults: 1, nextToken: first.nextToken });
    const listed = [first, second].flatMap(({ ingestionJobSummaries = [] }) => ingestionJobSummaries);
    expect(listed.map(({ ingestionJobId }) => ingestionJobId)).toEqual(ids);
    expect(second.nextToken).toBeUndefined();
    const complete = await list({ filters: [{ attribute: 'STATUS', operator: 'EQ', values: ['COMPLETE'] }] });
    expect(complete.ingestionJobSummaries?.map(({ ingestionJobId }) => ingestionJobId)).toEqual([ids[1]]);
  });

  it.each([
    ['a token too short', 'a'.repeat(32), 'ValidationException'],
    ['a token too long', 'a'.repeat(257), 'ValidationException'],
    ['a token of other characters', '_'.repeat(40), 'ValidationException'],
  ])('is refused for %s', async (_, clientToken, name) => {
    await expect(startJob(stand.agent(), clientToken)).rejects.toMatchObject({ name });
  });
});

describe('a document', () => {
  it.each([
    ['documents/a.exe', 'MZ', undefined, 'IGNORED', /format/],
    ['documents/a.md', '', undefined, 'FAILED', /empty/],
    ['documents/a.txt', ' \n\n ', undefined, 'FAILED', /no text/],
    ['documents/a.md', 'text', '{"tenant":"t-a"}', 'FAILED', /metadataAttributes/],
    ['documents/a.md', 'text', 'tenant=t-a', 'FAILED', /JSON/],
    ['documents/a.md', 'text', '{"metadataAttributes":{"tenant":null}}', 'FAILED', /tenant/],
    ['documents/a.md', 'text', `{"metadataAttributes":{"a":"${'x'.repeat(10_240)}"}}`, 'FAILED', /10 KB/],
    ['documents/scripted.md', 'text', undefined, 'FAILED', /cannot be read/],
  ])('%s of %j fails or is ignored with a reason', async (key, content, sidecar, status, reason) => {
    stand.bedrock.failDocument('scripted', 'It cannot be read.');
    const uri = stand.put(key, content);
    if (sidecar !== undefined)
      stand.s3.call('PutObject', { Bucket: BUCKET, Key: `${key}.metadata.json`, Body: Buffer.from(sidecar) });
    const job = await ingest();
    expect(job).toMatchObject({ status: 'COMPLETE', statistics: { numberOfDocumentsFailed: 1 } });
    expect(job?.failureReasons?.[0]).toContain(uri);
    const documentIdentifiers = [{ dataSourceType: 'S3' as const, s3: { uri } }];
    const asked = new GetKnowledgeBaseDocumentsCommand({ ...IDS, documentIdentifiers });
    const { documentDetails } = await stand.agent().send(asked);
    expect(documentDetails).toMatchObject([
      { status, statusReason: expect.stringMatching(reason), identifier: { s3: { uri } } },
    ]);
  });

  it('is in part where it is told to', async () => {
    stand.bedrock.failDocument('1.md', 'A table was left out.', 'PARTIALLY_INDEXED');
    const uri = stand.put('documents/1.md', 'A text.');
    await ingest();
    expect(await statusesOf(stand.agent(), uri)).toEqual(['PARTIALLY_INDEXED']);
  });

  it('that failed is tried again by the next job', async () => {
    stand.bedrock.failDocument('1.md', 'It cannot be read.');
    const uri = stand.put('documents/1.md', 'A text.');
    await ingest();
    stand.bedrock.mendDocument('1.md');
    await ingest();
    expect(await statusesOf(stand.agent(), uri)).toEqual(['INDEXED']);
  });

  it('is asked for with up to nine others, by a URI', async () => {
    const uris = (count: number) => Array.from({ length: count }, (_, index) => `s3://${BUCKET}/documents/${index}.md`);
    expect(await statusesOf(stand.agent(), ...uris(10))).toEqual(Array(10).fill('NOT_FOUND'));
    for (const wrong of [uris(11), [], ['documents/1.md']])
      await expect(statusesOf(stand.agent(), ...wrong)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

it('knows no other knowledge base, data source or job', async () => {
  const agent = stand.agent();
  const documentIdentifiers = [{ dataSourceType: 'S3' as const, s3: { uri: 's3://bucket/key' } }];
  for (const command of [
    new GetIngestionJobCommand({ ...IDS, ingestionJobId: 'JOB0000099' }),
    new ListIngestionJobsCommand({ ...IDS, dataSourceId: 'DS00000099' }),
    new ListIngestionJobsCommand({ ...IDS, knowledgeBaseId: 'KB00000099' }),
  ])
    await expect(agent.send(command as ListIngestionJobsCommand)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  const other = new GetKnowledgeBaseDocumentsCommand({ ...IDS, dataSourceId: 'DS00000099', documentIdentifiers });
  await expect(agent.send(other)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
