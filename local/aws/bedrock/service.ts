import type { Clock } from '../../clock/clock';
import { WallClock } from '../../clock/wall-clock';
import { KNOWLEDGE_BASE_LIMITS } from '../../limits/bedrock';
import { exceeds } from '../../limits/limit';
import { unsupported } from '../input';
import type { LocalInput, LocalService } from '../service';
import type { ConverseInput } from './conversation';
import { answerTo, streamOf, wholeOf } from './converse';
import { checkConverse } from './converse-request';
import type { DocumentStore } from './data-source';
import type { DocumentFailure } from './document-text';
import { type BedrockErrorCode, bedrockError, refusedBy } from './errors';
import { Guardrails, type LocalGuardrail } from './guardrails';
import type { IngestionJob } from './ingestion-jobs';
import { InvocationLogging } from './invocation-logging';
import { type KnowledgeBaseDefinition, LocalKnowledgeBase } from './knowledge-base';
import type { ModelBehaviour } from './model-behaviour';
import { recut } from './recut';
import type { BedrockOperation } from './routes';

/** What a stand-in for Bedrock is made of. */
export interface LocalBedrockOptions {
  /** The buckets that documents are read from. */
  readonly s3: DocumentStore;
  /** @default - the machine's */
  readonly clock?: Pick<Clock, 'now' | 'after'>;
  readonly knowledgeBases?: readonly KnowledgeBaseDefinition[];
  /** Guardrails that may be named. @default - any may, until one is added */
  readonly guardrails?: readonly LocalGuardrail[];
  /** Models and profiles that may be asked. @default - any */
  readonly models?: readonly string[];
  /** Words that a model takes in one request. @default 100000 */
  readonly contextTokens?: number;
  /** Milliseconds that an ingestion job takes on the clock. @default 0: it has ended when it is looked at */
  readonly jobMs?: number;
  /** Milliseconds on the clock between two tokens. @default 0 */
  readonly tokenMs?: number;
}

/** A request as it came. */
export interface RecordedBedrockCall {
  readonly operation: BedrockOperation;
  readonly input: LocalInput;
  /** How a stream ended; undefined until it has. `abandoned`: its reader went away. */
  ended?: 'complete' | 'cut' | 'abandoned';
}

/** What happens to the next call of an operation. */
interface Intervention {
  readonly operation: BedrockOperation;
  readonly code?: BedrockErrorCode;
  readonly output?: LocalInput;
  readonly until?: Promise<void>;
}

const ID = /^[0-9a-zA-Z]{10}$/;

/**
 * Simulates Amazon Bedrock, as far as the GenAI pattern uses it: Converse and ConverseStream, Retrieve, ingestion jobs, statuses
 * of documents, and the configuration of invocation logs. Its model answers by quoting ({@link extractiveAnswer}) unless a test
 * scripts it; its index is lexical ({@link LexicalIndex}); its guardrails do what is scripted alone.
 */
export class LocalBedrock implements LocalService {
  private readonly recorded: RecordedBedrockCall[] = [];
  private readonly knowledgeBases = new Map<string, LocalKnowledgeBase>();
  private readonly behaviours: ModelBehaviour[] = [];
  private readonly interventions: Intervention[] = [];
  private readonly failing: (DocumentFailure & { readonly part: string })[] = [];
  private readonly guardrails: Guardrails;
  private readonly logging = new InvocationLogging();
  private readonly clock: Pick<Clock, 'now' | 'after'>;
  private made = 0;
  /** Of the last StartIngestionJob that was let through. */
  private startedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: LocalBedrockOptions) {
    this.clock = options.clock ?? new WallClock();
    this.guardrails = new Guardrails(options.guardrails);
    for (const definition of options.knowledgeBases ?? []) this.createKnowledgeBase(definition);
  }

  /** Every request that was read, in order; also those that were refused. */
  get calls(): readonly RecordedBedrockCall[] {
    return this.recorded;
  }

  /** What was asked of one operation. */
  callsOf(operation: BedrockOperation): readonly LocalInput[] {
    return this.recorded.filter((call) => call.operation === operation).map(({ input }) => input);
  }

  /** @throws Error for an id that AWS would not give */
  createKnowledgeBase(definition: KnowledgeBaseDefinition): void {
    for (const { id } of [definition, ...definition.dataSources]) {
      if (!ID.test(id)) throw new Error(`${id} is no id of a knowledge base or data source: 10 letters and digits`);
    }
    const { s3, jobMs = 0 } = this.options;
    const settings = {
      now: () => this.clock.now(),
      jobMs,
      newId: () => this.newId('JOB'),
      runningOfAccount: () => this.runningJobs(),
    };
    const failing = (uri: string) => this.failing.find(({ part }) => uri.includes(part));
    this.knowledgeBases.set(definition.id, new LocalKnowledgeBase(definition, s3, settings, failing));
  }

  addGuardrail(guardrail: LocalGuardrail): void {
    this.guardrails.add(guardrail);
  }

  /** What the model does with the next request to it; several are used in order, one for a request. */
  script(...behaviours: readonly ModelBehaviour[]): void {
    this.behaviours.push(...behaviours);
  }

  /** Behaviours that no request has taken yet. */
  get scripted(): number {
    return this.behaviours.length;
  }

  /** Refuses the next calls of an operation. */
  refuse(operation: BedrockOperation, code: BedrockErrorCode, times = 1): void {
    for (let time = 0; time < times; time += 1) this.interventions.push({ operation, code });
  }

  /** Answers the next call of an operation with something else, as no service of one's own would: chunks of others, for example. */
  answer(operation: Exclude<BedrockOperation, 'ConverseStream'>, output: LocalInput): void {
    this.interventions.push({ operation, output });
  }

  /** Performs the next call of an operation no sooner than something has happened. */
  delay(operation: BedrockOperation, until: Promise<void>): void {
    this.interventions.push({ operation, until });
  }

  /** The next job to end fails. */
  failJob(reason: string): void {
    for (const { jobs } of this.knowledgeBases.values()) jobs.failNext(reason);
  }

  /** Jobs do not end until {@link releaseJobs}. */
  holdJobs(): void {
    for (const { jobs } of this.knowledgeBases.values()) jobs.hold();
  }

  releaseJobs(): void {
    for (const { jobs } of this.knowledgeBases.values()) jobs.release();
  }

  /** Documents with a part in their URI fail in jobs that start from now on, until {@link mendDocument}. */
  failDocument(part: string, reason: string, status: DocumentFailure['status'] = 'FAILED'): void {
    this.failing.push({ part, reason, status });
  }

  mendDocument(part: string): void {
    this.failing.splice(0, this.failing.length, ...this.failing.filter((each) => each.part !== part));
  }

  /** Starts a job as an operator does in the console. @throws AwsError ConflictException while another runs */
  startOutsideJob(dataSourceId: string): string {
    const owner = [...this.knowledgeBases.values()].find((each) => each.has(dataSourceId));
    if (owner === undefined)
      throw bedrockError('ResourceNotFoundException', `DataSource with id ${dataSourceId} does not exist.`);
    owner.jobs.advance();
    return owner.jobs.start(dataSourceId, {}, { outside: true }).id;
  }

  /** Jobs of every knowledge base, the oldest first. */
  jobs(): readonly IngestionJob[] {
    for (const { jobs } of this.knowledgeBases.values()) jobs.advance();
    return [...this.knowledgeBases.values()].flatMap(({ jobs }) => jobs.all());
  }

  call(action: string, input: LocalInput): LocalInput | Promise<LocalInput> {
    const operation = action as BedrockOperation;
    const record: RecordedBedrockCall = { operation, input };
    this.recorded.push(record);
    const next = this.interventions.findIndex((each) => each.operation === operation);
    const { code, output, until } = (next < 0 ? undefined : this.interventions.splice(next, 1)[0]) ?? {};
    if (code !== undefined) throw bedrockError(code, `${operation} is refused, as scripted`);
    return until === undefined ? (output ?? this.perform(record)) : until.then(() => this.perform(record));
  }

  private perform(record: RecordedBedrockCall): LocalInput | Promise<LocalInput> {
    const { operation, input } = record;
    switch (operation) {
      case 'Converse':
      case 'ConverseStream':
        return this.converse(record, input as unknown as ConverseInput);
      case 'Retrieve':
        return this.knowledgeBase(input).retrieve(input);
      case 'StartIngestionJob':
        return this.startJob(input);
      case 'GetIngestionJob':
        return this.knowledgeBase(input).getJob(input);
      case 'ListIngestionJobs':
        return this.knowledgeBase(input).listJobs(input);
      case 'GetKnowledgeBaseDocuments':
        return this.knowledgeBase(input).getDocuments(input);
      case 'GetModelInvocationLoggingConfiguration':
        return this.logging.get();
      case 'PutModelInvocationLoggingConfiguration':
        return this.logging.put(input);
      case 'DeleteModelInvocationLoggingConfiguration':
        return this.logging.remove();
      default:
        throw unsupported(operation);
    }
  }

  /** An operator's own jobs do not count here. */
  private startJob(input: LocalInput): LocalInput {
    const { startSeconds } = KNOWLEDGE_BASE_LIMITS.rows;
    const now = this.clock.now();
    const seconds = (now - this.startedAt) / 1000;
    if (exceeds(startSeconds, seconds))
      throw refusedBy(startSeconds, 'Too many requests, please wait before trying again.');
    this.startedAt = now;
    return this.knowledgeBase(input).startJob(input);
  }

  private runningJobs(): number {
    return [...this.knowledgeBases.values()].reduce((sum, { jobs }) => {
      jobs.advance();
      return sum + jobs.running();
    }, 0);
  }

  private async converse(record: RecordedBedrockCall, input: ConverseInput): Promise<LocalInput> {
    const { models, contextTokens = 100_000, tokenMs = 0 } = this.options;
    checkConverse(input, { models, contextTokens }, this.guardrails);
    const behaviour = this.behaviours.shift() ?? {};
    const { fail, message = `${fail}, as scripted` } = behaviour;
    if (fail !== undefined) {
      await behaviour.hold;
      throw bedrockError(fail, message);
    }
    const answer = answerTo(input, behaviour, this.guardrails, () => `tooluse_${this.newId('T')}`);
    if (record.operation === 'Converse') return wholeOf(answer, behaviour);
    const pace = async () => {
      if (tokenMs > 0) await new Promise<void>((done) => void this.clock.after(tokenMs, done));
    };
    return { stream: observed(recut(streamOf(answer, behaviour, pace), behaviour), record) };
  }

  private knowledgeBase({ knowledgeBaseId }: LocalInput): LocalKnowledgeBase {
    const found = this.knowledgeBases.get(String(knowledgeBaseId));
    if (found === undefined)
      throw refusedBy(
        KNOWLEDGE_BASE_LIMITS.rows.unknownBase,
        `Knowledge base with id ${knowledgeBaseId} does not exist.`,
      );
    found.jobs.advance();
    return found;
  }

  /** An id of 10 letters and digits. */
  private newId(prefix: string): string {
    this.made += 1;
    return `${prefix}${String(this.made).padStart(10 - prefix.length, '0')}`;
  }
}

/** Notes how a stream ends. */
async function* observed(stream: AsyncIterable<Buffer>, record: RecordedBedrockCall): AsyncGenerator<Buffer> {
  let ended: RecordedBedrockCall['ended'] = 'abandoned';
  try {
    yield* stream;
    ended = 'complete';
  } catch (error) {
    ended = 'cut';
    throw error;
  } finally {
    record.ended = ended;
  }
}
