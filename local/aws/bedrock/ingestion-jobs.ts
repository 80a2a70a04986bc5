import { KNOWLEDGE_BASE_LIMITS } from '../../limits/bedrock';
import { exceeds } from '../../limits/limit';
import type { LocalInput } from '../service';
import type { DataSource, Scan } from './data-source';
import { bedrockError, invalid, refusedBy, within } from './errors';

/** AWS: Bedrock API, StartIngestionJob. */
const CLIENT_TOKEN = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;
const LIMITS = KNOWLEDGE_BASE_LIMITS.rows;
const RUNNING: readonly string[] = ['STARTING', 'IN_PROGRESS', 'STOPPING'];

/** A job that takes a data source's documents in (AWS: Bedrock, IngestionJob). */
export interface IngestionJob {
  readonly id: string;
  readonly knowledgeBaseId: string;
  readonly dataSourceId: string;
  readonly clientToken?: string;
  readonly description?: string;
  readonly startedAt: number;
  /** Whether it was started by someone else than a caller. */
  readonly outside: boolean;
  status: 'STARTING' | 'IN_PROGRESS' | 'COMPLETE' | 'FAILED';
  updatedAt: number;
  statistics: Readonly<Record<string, number>>;
  failureReasons: readonly string[];
}

/** What jobs are played with. */
export interface IngestionSettings {
  readonly now: () => number;
  /** Milliseconds that a job takes; it ends when someone looks after that. */
  readonly jobMs: number;
  readonly newId: () => string;
  /** Jobs that run in the whole account. @default - none but those of the knowledge base */
  readonly runningOfAccount?: () => number;
}

/**
 * Jobs of a knowledge base: one at a time for all of its data sources (AWS: Bedrock, knowledge base quotas). What a job ingests is
 * what was there as it started; questions find it once the job has ended.
 */
export class IngestionJobs {
  private readonly jobs: IngestionJob[] = [];
  private readonly scans = new Map<string, Scan>();
  private readonly failures: string[] = [];
  private held = false;

  constructor(
    private readonly knowledgeBaseId: string,
    private readonly sources: ReadonlyMap<string, DataSource>,
    private readonly settings: IngestionSettings,
  ) {}

  /** Every job there was, the oldest first. */
  all(): readonly IngestionJob[] {
    return this.jobs;
  }

  /** The next job to end fails, with everything that it was to ingest. */
  failNext(reason: string): void {
    this.failures.push(reason);
  }

  /** Jobs go on and on until {@link release}. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
  }

  /** @throws AwsError ConflictException while another job runs */
  start(
    dataSourceId: string,
    input: LocalInput,
    { outside = false }: Partial<Pick<IngestionJob, 'outside'>> = {},
  ): IngestionJob {
    const { clientToken, description } = input as { clientToken?: string; description?: string };
    checkStart(clientToken, description);
    const source = this.source(dataSourceId);
    const same = this.jobs.find(
      (job) => clientToken !== undefined && job.clientToken === clientToken && job.dataSourceId === dataSourceId,
    );
    if (same !== undefined) return same;
    const running = this.jobs.find(({ status }) => RUNNING.includes(status));
    if (running !== undefined)
      throw refusedBy(
        LIMITS.runningOfBase,
        `Ongoing ingestion job ${running.id} found for data source ${running.dataSourceId}. Try again after it has ended.`,
      );
    const { runningOfAccount = () => 0 } = this.settings;
    if (exceeds(LIMITS.runningOfAccount, runningOfAccount() + 1))
      throw refusedBy(LIMITS.runningOfAccount, within(LIMITS.runningOfAccount, 'concurrent ingestion jobs'));
    const now = this.settings.now();
    const job: IngestionJob = {
      id: this.settings.newId(),
      knowledgeBaseId: this.knowledgeBaseId,
      dataSourceId,
      ...(clientToken !== undefined && { clientToken }),
      ...(description !== undefined && { description }),
      startedAt: now,
      updatedAt: now,
      outside,
      status: 'STARTING',
      statistics: {},
      failureReasons: [],
    };
    this.jobs.push(job);
    this.scans.set(job.id, source.scan());
    return job;
  }

  /** How many run. */
  running(): number {
    return this.jobs.filter(({ status }) => RUNNING.includes(status)).length;
  }

  get(dataSourceId: string, id: string): IngestionJob {
    const job = this.jobs.find((each) => each.id === id && each.dataSourceId === dataSourceId);
    if (job === undefined)
      throw bedrockError('ResourceNotFoundException', `Ingestion job with id ${id} does not exist.`);
    return job;
  }

  /** Jobs of a data source, as asked for by ListIngestionJobs: the newest first unless it says otherwise. */
  list(dataSourceId: string, { sortBy, filters = [] }: LocalInput): readonly IngestionJob[] {
    this.source(dataSourceId);
    const { attribute = 'STARTED_AT', order = 'DESCENDING' } = (sortBy ?? {}) as { attribute?: string; order?: string };
    const wanted = (filters as { attribute?: string; operator?: string; values?: string[] }[]).map((filter) => {
      if (filter.attribute !== 'STATUS' || filter.operator !== 'EQ')
        throw invalid('A filter is by STATUS and EQ alone.');
      return filter.values ?? [];
    });
    const found = this.jobs
      .filter((job) => job.dataSourceId === dataSourceId && wanted.every((values) => values.includes(job.status)))
      .sort((a, b) => (attribute === 'STATUS' ? a.status.localeCompare(b.status) : a.startedAt - b.startedAt));
    return order === 'ASCENDING' ? found : found.reverse();
  }

  /** Ends what is due. Called before anyone is answered, so that no timer is needed. */
  advance(): void {
    for (const job of this.jobs) {
      if (!RUNNING.includes(job.status)) continue;
      const now = this.settings.now();
      if (this.held || now < job.startedAt + this.settings.jobMs) {
        job.status = 'IN_PROGRESS';
        continue;
      }
      this.end(job, now);
    }
  }

  private end(job: IngestionJob, now: number): void {
    job.updatedAt = now;
    const failure = this.failures.shift();
    if (failure !== undefined) {
      job.status = 'FAILED';
      job.failureReasons = [failure];
      return;
    }
    const { documents, statistics, failureReasons } = this.scans.get(job.id) as Scan;
    this.source(job.dataSourceId).documents = documents;
    Object.assign(job, { status: 'COMPLETE', statistics, failureReasons });
  }

  private source(id: string): DataSource {
    const source = this.sources.get(id);
    if (source === undefined) throw refusedBy(LIMITS.unknownBase, `DataSource with id ${id} does not exist.`);
    return source;
  }
}

function checkStart(clientToken: string | undefined, description: string | undefined): void {
  if (clientToken !== undefined) {
    if (exceeds(LIMITS.clientToken, clientToken.length))
      throw refusedBy(LIMITS.clientToken, within(LIMITS.clientToken, 'clientToken', clientToken));
    if (!CLIENT_TOKEN.test(clientToken))
      throw refusedBy(
        LIMITS.clientToken,
        `Value '${clientToken}' at 'clientToken' failed to satisfy constraint: Member must satisfy regular expression pattern`,
      );
  }
  if (description !== undefined && exceeds(LIMITS.description, description.length))
    throw refusedBy(LIMITS.description, within(LIMITS.description, 'description'));
}

/** A job as the API shows it. */
export function jobDocument(job: IngestionJob): LocalInput {
  const { failureReasons } = job;
  return { ...jobSummary(job), ...(failureReasons.length > 0 && { failureReasons }) };
}

/** A job as the API lists it. */
export function jobSummary(job: IngestionJob): LocalInput {
  const { id, knowledgeBaseId, dataSourceId, description, status, startedAt, updatedAt, statistics } = job;
  return {
    ingestionJobId: id,
    knowledgeBaseId,
    dataSourceId,
    ...(description !== undefined && { description }),
    status,
    statistics,
    startedAt: new Date(startedAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
