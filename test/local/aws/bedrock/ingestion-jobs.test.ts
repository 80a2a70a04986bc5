import {
  GetIngestionJobCommand,
  GetKnowledgeBaseDocumentsCommand,
  ListIngestionJobsCommand,
} from '@aws-sdk/client-bedrock-agent';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BedrockFixture, BUCKET, DATA_SOURCE, found, IDS, startJob, statusesOf } from './bedrock-fixture';

let fixture: BedrockFixture;
beforeEach(async () => {
  fixture = new BedrockFixture({ jobMs: JOB_MS });
  await fixture.start();
});
afterEach(() => fixture.stop());

/** Longer than the time between two requests (AWS: Bedrock quotas, StartIngestionJob). */
const JOB_MS = 30_000;
const BETWEEN_MS = 10_000;
const token = (name: string) => name.padEnd(33, '0');
const start = async (name?: string) => {
  fixture.ahead += BETWEEN_MS;
  return (await startJob(fixture.agent(), name && token(name))).ingestionJob?.ingestionJobId ?? '';
};
const get = async (ingestionJobId: string) =>
  (await fixture.agent().send(new GetIngestionJobCommand({ ...IDS, ingestionJobId }))).ingestionJob;
/** Takes in what is there. */
async function ingest() {
  const id = await start();
  fixture.ahead += JOB_MS;
  return get(id);
}

describe('a job', () => {
  it('goes through its statuses with the time, and tells what it did', async () => {
    fixture.put('documents/t-a/1.md', 'Leave is 30 days.', { tenant: 't-a' });
    fixture.put('documents/t-a/2.txt', 'Lunch is at noon.');
    fixture.put('other/3.md', 'Not of this data source.');
    const { ingestionJob } = await startJob(fixture.agent());
    expect(ingestionJob).toMatchObject({ ...IDS, status: 'STARTING', startedAt: new Date('2026-11-24T10:00:00Z') });
    const id = ingestionJob?.ingestionJobId ?? '';
    expect((await get(id))?.status).toBe('IN_PROGRESS');
    fixture.ahead += JOB_MS;
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
      fixture.put(`documents/${name}.md`, `A text that is ${name}.`, { name }),
    ) as [string, string, string, string];
    await ingest();
    fixture.put('documents/changed.md', 'A text that is new.', { name: 'changed' });
    fixture.put('documents/renamed.md', 'A text that is renamed.', { name: 'other' });
    fixture.s3.call('DeleteObject', { Bucket: BUCKET, Key: 'documents/gone.md' });
    const before = await statusesOf(fixture.agent(), gone);
    const { statistics } = (await ingest()) ?? {};
    expect(statistics).toMatchObject({
      numberOfNewDocumentsIndexed: 0,
      numberOfModifiedDocumentsIndexed: 1,
      numberOfMetadataDocumentsModified: 1,
      numberOfDocumentsDeleted: 1,
    });
    expect(before).toEqual(['INDEXED']);
    expect(await statusesOf(fixture.agent(), kept, changed, renamed, gone)).toEqual([
      ...['INDEXED', 'INDEXED', 'INDEXED', 'NOT_FOUND'],
    ]);
    expect(await found(fixture.agentRuntime(), 'text new gone')).toContain('A text that is new.');
    expect(await found(fixture.agentRuntime(), 'gone')).toEqual([]);
  });

  it('takes in what was there as it started, and what came later is for the next', async () => {
    fixture.bedrock.holdJobs();
    const id = await start();
    const late = fixture.put('documents/late.md', 'It came late.');
    fixture.ahead = 60_000;
    expect((await get(id))?.status).toBe('IN_PROGRESS');
    fixture.bedrock.releaseJobs();
    expect((await get(id))?.status).toBe('COMPLETE');
    expect(await statusesOf(fixture.agent(), late)).toEqual(['NOT_FOUND']);
    await ingest();
    expect(await statusesOf(fixture.agent(), late)).toEqual(['INDEXED']);
  });

  it('is alone: another is a conflict until it has ended, whoever started it', async () => {
    const outside = fixture.bedrock.startOutsideJob(DATA_SOURCE);
    await expect(start()).rejects.toMatchObject({ name: 'ConflictException', $metadata: { httpStatusCode: 409 } });
    fixture.ahead += JOB_MS;
    const own = await start();
    expect(() => fixture.bedrock.startOutsideJob(DATA_SOURCE)).toThrow(own);
    expect(fixture.bedrock.jobs().map((job) => [job.id, job.outside])).toEqual([
      [outside, true],
      [own, false],
    ]);
  });

  it('is the same for the same token, also once it has ended', async () => {
    const first = await start('a');
    expect(await start('a')).toBe(first);
    fixture.ahead += JOB_MS;
    expect(await start('a')).toBe(first);
    expect(await start('b')).not.toBe(first);
  });

  it('fails with everything in it, and the next makes up for it', async () => {
    const uri = fixture.put('documents/1.md', 'A text.');
    fixture.bedrock.failJob('The role may not read the bucket.');
    expect(await ingest()).toMatchObject({ status: 'FAILED', failureReasons: ['The role may not read the bucket.'] });
    expect(await statusesOf(fixture.agent(), uri)).toEqual(['NOT_FOUND']);
    expect((await ingest())?.status).toBe('COMPLETE');
    expect(await statusesOf(fixture.agent(), uri)).toEqual(['INDEXED']);
  });

  it('is listed, the newest first, and by its status', async () => {
    const ids = [await start()];
    fixture.ahead += JOB_MS;
    ids.unshift(await start());
    const list = (input = {}) => fixture.agent().send(new ListIngestionJobsCommand({ ...IDS, ...input }));
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
    await expect(startJob(fixture.agent(), clientToken)).rejects.toMatchObject({ name });
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
    fixture.bedrock.failDocument('scripted', 'It cannot be read.');
    const uri = fixture.put(key, content);
    if (sidecar !== undefined)
      fixture.s3.call('PutObject', { Bucket: BUCKET, Key: `${key}.metadata.json`, Body: Buffer.from(sidecar) });
    const job = await ingest();
    expect(job).toMatchObject({ status: 'COMPLETE', statistics: { numberOfDocumentsFailed: 1 } });
    expect(job?.failureReasons?.[0]).toContain(uri);
    const documentIdentifiers = [{ dataSourceType: 'S3' as const, s3: { uri } }];
    const asked = new GetKnowledgeBaseDocumentsCommand({ ...IDS, documentIdentifiers });
    const { documentDetails } = await fixture.agent().send(asked);
    expect(documentDetails).toMatchObject([
      { status, statusReason: expect.stringMatching(reason), identifier: { s3: { uri } } },
    ]);
  });

  it('is in part where it is told to', async () => {
    fixture.bedrock.failDocument('1.md', 'A table was left out.', 'PARTIALLY_INDEXED');
    const uri = fixture.put('documents/1.md', 'A text.');
    await ingest();
    expect(await statusesOf(fixture.agent(), uri)).toEqual(['PARTIALLY_INDEXED']);
  });

  it('that failed is tried again by the next job', async () => {
    fixture.bedrock.failDocument('1.md', 'It cannot be read.');
    const uri = fixture.put('documents/1.md', 'A text.');
    await ingest();
    fixture.bedrock.mendDocument('1.md');
    await ingest();
    expect(await statusesOf(fixture.agent(), uri)).toEqual(['INDEXED']);
  });

  it('is asked for with up to nine others, by a URI', async () => {
    const uris = (count: number) => Array.from({ length: count }, (_, index) => `s3://${BUCKET}/documents/${index}.md`);
    expect(await statusesOf(fixture.agent(), ...uris(10))).toEqual(Array(10).fill('NOT_FOUND'));
    for (const wrong of [uris(11), [], ['documents/1.md']])
      await expect(statusesOf(fixture.agent(), ...wrong)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

it('knows no other knowledge base, data source or job', async () => {
  const agent = fixture.agent();
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
