import { Duration, Lazy, Size } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { GenerationModel } from '../../lib/ai/generation-model';
import type { IGuardrail } from '../../lib/ai/guardrail';
import type { IKnowledgeBase } from '../../lib/ai/knowledge-base';
import { reservable } from '../../lib/compute/concurrency-pool';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction, type HandlerFunctionProps } from '../../lib/compute/handler-function';
import { ServiceTable } from '../../lib/database/service-table';
import type { Alarms } from '../../lib/monitoring/alarms';
import { serviceMetric } from '../../lib/monitoring/service-metric';
import type { StageSettings } from '../../lib/stage/stage';
import { ClaimsBucket } from '../../lib/storage/claims-bucket';
import { acknowledge, handles } from '../../lib/validation/explain';
import { refuse } from '../../lib/validation/refuse';
import { requireRoom } from './answer-bounds';
import { type AnswerBounds, ConversationKeys, RagEnvironment, type ToolDefinition } from './contract';

/** Names of the services in logs, metrics and traces. */
export const ASK_SERVICE = 'ask';
export const CONVERSATIONS_SERVICE = 'conversations';
/** What an answer may take beyond its own bound, to say that it took too long and to give back what was reserved. */
const AFTER_THE_ANSWER = Duration.seconds(15);
/** What API Gateway waits for, less what it takes to say that it was too long (apigw-29s-timeout). */
const API_TIMEOUT = Duration.seconds(28);
const CONCURRENCY = { dev: 20, other: 100, conversations: 20 } as const;
/** Bytes that tools may take of the 4 KB that Lambda has for all variables (lambda-env-4kb), and of them the ARN of each. */
const TOOLS_BYTES = 2500;
const TOOL_ARN_BYTES = 140;
/** Milliseconds to the first token, one answer in a hundred: models take a second or two, and the search before it less. */
const FIRST_TOKEN_P99 = Duration.seconds(8);
/** A share alone is alarming, and so is a count alone: one of two answers, or ten of thousands. */
const FAILED_ANSWERS = { percent: 5, least: 3 } as const;
const EMPTY_RETRIEVALS = { percent: 50, least: 20 } as const;
/** Passages and history make ten times as many tokens as answers: this many users' days within an hour are looked at. */
const USERS_WORTH = 10;

/** A function that the model may call. */
export interface ToolOptions extends Pick<HandlerFunctionProps, 'memory' | 'environment'> {
  /** A TypeScript or JavaScript file that exports `handler`, which is given a {@link ToolCall}. */
  readonly entry: string;
  /** What it does and when to use it, for the model. 1 to 1,000 characters. */
  readonly description: string;
  /** JSON schema of its input: an object. Types, required members, enumerations and bounds are checked before the function is called. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** At most 25 s, since someone waits for the answer. @default Duration.seconds(10) */
  readonly timeout?: Duration;
}

/** Props of {@link QuestionAnswering}. */
export interface QuestionAnsweringProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly alarms: Alarms;
  readonly knowledgeBase: IKnowledgeBase;
  readonly model: GenerationModel;
  readonly guardrail: IGuardrail;
  readonly bounds: AnswerBounds;
  /** Of `OriginSecret`. */
  readonly originVerifiers: string;
  readonly concurrency?: number;
}

/** Answers questions from what the knowledge base finds, and keeps each user's conversations. */
export class QuestionAnswering extends Construct {
  readonly conversationsTable: ServiceTable;
  readonly claims: ClaimsBucket;
  /** Retrieves, asks the model, and streams its answer. */
  readonly ask: HandlerFunction;
  /** Lists, reads and forgets conversations. */
  readonly conversations: HandlerFunction;
  private readonly tools: ToolDefinition[] = [];

  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: it reads from top to bottom like the diagram
  constructor(
    scope: Construct,
    id: string,
    private readonly props: QuestionAnsweringProps,
  ) {
    super(scope, id);
    const { stage, encryptionKey, knowledgeBase, model, guardrail, bounds } = props;
    this.conversationsTable = new ServiceTable(this, 'Conversations', {
      stage,
      encryptionKey,
      sortKey: ConversationKeys.sort,
      accessPatterns: [
        'the conversations of a user, newest first',
        'the last turns of a conversation of a user',
        'what a user has used in a day, and asked in a minute',
        'the question of an idempotency key',
        'everything of a user, to be forgotten',
      ],
    });
    // DynamoDB deletes a turn that is past its days, and no one its object: S3 does, a day later.
    const expiresAfter = Duration.days(bounds.conversationDays + 1);
    this.claims = new ClaimsBucket(this, 'LongTurns', { stage, encryptionKey, expiresAfter });
    const environment = {
      [RagEnvironment.conversationsTable]: this.conversationsTable.table.tableName,
      [RagEnvironment.claimsBucket]: this.claims.bucket.bucketName,
      [RagEnvironment.bounds]: JSON.stringify(bounds),
      [RagEnvironment.originVerifiers]: props.originVerifiers,
    };

    this.ask = new HandlerFunction(this, 'Ask', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('genai-rag', 'ask'),
      serviceName: ASK_SERVICE,
      timeout: Duration.seconds(bounds.answerSeconds).plus(AFTER_THE_ANSWER),
      memory: Size.mebibytes(1024),
      // What was asked for is reserved or refused; what was not is left out where an account has no room for it.
      reservedConcurrency:
        props.concurrency ?? reservable(this, stage, stage.name === 'dev' ? CONCURRENCY.dev : CONCURRENCY.other),
      environment: {
        ...environment,
        [RagEnvironment.knowledgeBaseId]: knowledgeBase.knowledgeBaseId,
        [RagEnvironment.modelId]: model.idIn(this),
        [RagEnvironment.guardrailId]: guardrail.guardrailId,
        [RagEnvironment.guardrailVersion]: guardrail.version,
        [RagEnvironment.tools]: Lazy.string({ produce: () => JSON.stringify(this.tools) }),
      },
    });
    const { function: ask } = this.ask;
    this.conversationsTable.grant(ask, [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ]);
    this.claims.grantRead(ask);
    this.claims.grantWrite(ask);
    // Of an answer whose conversation was deleted meanwhile.
    this.claims.grantDelete(ask);
    knowledgeBase.grantRetrieve(ask);
    model.grantInvoke(ask, guardrail);
    guardrail.grantApply(ask);
    handles(
      ask,
      'bedrock-converse-config-model',
      'bedrock-guardrail-required',
      'bedrock-inference-profile',
      'bedrock-model-lifecycle',
      'bedrock-token-budget',
      'rag-knowledge-base',
    );

    this.conversations = new HandlerFunction(this, 'ConversationsApi', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('genai-rag', 'conversations'),
      serviceName: CONVERSATIONS_SERVICE,
      timeout: API_TIMEOUT,
      reservedConcurrency: reservable(this, stage, CONCURRENCY.conversations),
      environment,
    });
    const { function: conversations } = this.conversations;
    this.conversationsTable.grant(conversations, ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:Query']);
    this.claims.grantRead(conversations);
    // What is forgotten takes its long turns along.
    this.claims.grantDelete(conversations);
    handles(this.conversationsTable.table, 'rag-conversation-history');

    this.watch();
  }

  /**
   * Adds a function that the model may call while it answers: it is given the tenant and the user of the token, and what the model
   * says beside that, which a document may have talked it into.
   *
   * @param name 1 to 64 of A-Z, a-z, 0-9, _ and - (AWS: Bedrock, ToolSpecification)
   * @throws RefusedValueError for a name that is taken or cannot be one, a schema of no object, a timeout above 25 s, or more than
   * about 2,500 bytes of descriptions and schemas of all tools together
   */
  addTool(name: string, options: ToolOptions): HandlerFunction {
    const { stage, encryptionKey, alarms } = this.props;
    const { entry, description, inputSchema, timeout = Duration.seconds(10), ...rest } = options;
    this.refuseTool(name, options, timeout);
    requireRoom(this, this.props.bounds, this.props.bounds.maxToolRounds);
    const id = `Tool-${name}`;
    const tool = new HandlerFunction(this, id, {
      ...rest,
      stage,
      encryptionKey,
      timeout,
      code: HandlerCode.entry(entry),
      serviceName: `tool-${name}`,
    });
    Grant.addToPrincipal({
      grantee: this.ask.function,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [tool.alias.functionArn],
    });
    if (this.tools.length === 0) {
      acknowledge(this.ask.function, {
        'Groundplan::Groundplan-sfn-not-lambda-chains':
          'The model chooses the function in the middle of an answer that is streamed to a user; a workflow is for steps that are known before.',
      });
    }
    this.tools.push({ name, description, inputSchema, functionArn: tool.alias.functionArn });
    alarms.watchHandler(id, tool);
    return tool;
  }

  private watch(): void {
    const { alarms } = this.props;
    alarms.watchHandler('Ask', this.ask);
    alarms.watchHandler('Conversations', this.conversations);
    alarms.watchTable('Conversations', this.conversationsTable.table);
    const ask = (name: string, statistic: string, period = Duration.minutes(5)) =>
      serviceMetric(this, ASK_SERVICE, name).with({ statistic, period });
    alarms.add('AnswersFailed', {
      metric: this.shareOfQuestions('AnswersFailed', FAILED_ANSWERS.least, Duration.minutes(15)),
      threshold: FAILED_ANSWERS.percent,
      description: `${FAILED_ANSWERS.percent}% of the answers within 15 minutes failed before their end (${FAILED_ANSWERS.least} or more). The log of the Ask function shows the cause.`,
      catalogueIds: ['cw-error-rate-alarm'],
    });
    // A stream that has begun has said 200: what ends it then is no error of the API's.
    alarms.add('AskErrors', {
      metric: this.ask.function.metricErrors({ statistic: Stats.SUM, period: Duration.minutes(5) }),
      threshold: 1,
      description:
        'Ask: the function failed while it streamed an answer: by a timeout, out of memory or by an unhandled error. Its log group shows the cause.',
      catalogueIds: ['cw-error-rate-alarm'],
    });
    alarms.add('ModelUnavailable', {
      metric: ask('ModelUnavailable', Stats.SUM),
      threshold: 1,
      description:
        'The model is unavailable: it is past its end of life, or the account or the role has no access to it. Request access in the Bedrock console, or choose another model (answers.model).',
      catalogueIds: ['bedrock-model-lifecycle'],
    });
    alarms.add('FirstTokenP99', {
      metric: ask('FirstTokenMs', 'p99'),
      threshold: FIRST_TOKEN_P99.toMilliseconds(),
      periods: 3,
      description: `The p99 time to first token is above ${FIRST_TOKEN_P99.toSeconds()} s: one answer in a hundred begins later. Check the model's latency and throttles, and the vector store.`,
      catalogueIds: ['cw-p99-latency-alarm'],
    });
    this.watchModel();
    const { stackDailyTokens } = this.props.bounds;
    if (stackDailyTokens !== undefined) {
      alarms.add('StackBudgetExceeded', {
        metric: ask('StackBudgetExceeded', Stats.SUM),
        threshold: 1,
        description: `Questions are refused until 00:00 UTC: all users together have used the ${stackDailyTokens} tokens of the day. Look for who uses them (InputTokens and OutputTokens, and the usage items in the conversations table), or raise answers.bounds.stackDailyTokens.`,
        catalogueIds: ['bedrock-token-budget'],
      });
    }
    if (!alarms.full) return;
    alarms.add('GuardrailInterventions', {
      metric: ask('GuardrailInterventions', Stats.SUM, Duration.hours(1)),
      threshold: 50,
      description:
        'The guardrail intervened 50 times or more within an hour: someone tries to misuse the application, or a policy blocks legitimate questions. Review the guardrail policies.',
      catalogueIds: ['bedrock-guardrail-policies'],
    });
    alarms.add('EmptyRetrievals', {
      metric: this.shareOfQuestions('EmptyRetrievals', EMPTY_RETRIEVALS.least, Duration.hours(1)),
      threshold: EMPTY_RETRIEVALS.percent,
      description: `${EMPTY_RETRIEVALS.percent}% of the questions within an hour (${EMPTY_RETRIEVALS.least} or more) found no passage. Check that the documents are indexed and belong to the right tenant.`,
      catalogueIds: ['rag-knowledge-base'],
    });
  }

  /** What per cent of the questions it happened to; 0 while it happened to fewer than so many. */
  private shareOfQuestions(name: string, least: number, period: Duration): MathExpression {
    const counted = (metricName: string) => serviceMetric(this, ASK_SERVICE, metricName).with({ period });
    return new MathExpression({
      expression: `IF(some >= ${least}, 100 * some / questions, 0)`,
      usingMetrics: { some: counted(name), questions: counted('Questions') },
      label: `${name} (% of questions)`,
      period,
    });
  }

  /** What Bedrock itself measures of the model: all of the account's calls of it, which share its quota and its bill. */
  private watchModel(): void {
    const { alarms, bounds, model } = this.props;
    const metric = (metricName: string, period: Duration) =>
      new Metric({
        namespace: 'AWS/Bedrock',
        metricName,
        statistic: Stats.SUM,
        period,
        dimensionsMap: { ModelId: model.idIn(this) },
      });
    const catalogueIds = ['bedrock-token-budget'] as const;
    alarms.add('ModelThrottles', {
      metric: metric('InvocationThrottles', Duration.minutes(5)),
      threshold: 5,
      periods: 3,
      description:
        'Bedrock throttles requests to the model. Request a quota increase (Service Quotas: Bedrock), or use another inference profile.',
      catalogueIds,
    });
    for (const direction of ['Input', 'Output'] as const) {
      const most = bounds.dailyTokens * (direction === 'Input' ? USERS_WORTH : 1);
      alarms.add(`${direction}TokensPerHour`, {
        metric: metric(`${direction}TokenCount`, Duration.hours(1)),
        threshold: most,
        description: `All callers in the account used ${most} ${direction.toLowerCase()} tokens or more of ${model.modelId} within an hour, which Bedrock bills. answers.bounds.dailyTokens limits the tokens of a user in a day.`,
        catalogueIds,
      });
    }
  }

  private refuseTool(name: string, { inputSchema, description }: ToolOptions, timeout: Duration): void {
    const problem =
      !/^[A-Za-z0-9_-]{1,64}$/.test(name) || this.tools.some((known) => known.name === name)
        ? ({
            prop: 'name',
            value: name,
            allowed: '1 to 64 characters of A-Z, a-z, 0-9, _ and -, that no other tool uses',
          } as const)
        : inputSchema['type'] !== 'object'
          ? ({ prop: 'inputSchema.type', value: String(inputSchema['type']), allowed: "'object'" } as const)
          : description.length < 1 || description.length > 1000
            ? ({ prop: 'description', value: `${description.length} characters`, allowed: '1 to 1,000' } as const)
            : timeout.toSeconds() > 25
              ? ({ prop: 'timeout', value: `${timeout.toSeconds()} s`, allowed: 'at most 25 s' } as const)
              : undefined;
    if (problem !== undefined) {
      refuse(this, { ...problem, fix: 'see ToolSpecification in the reference of the Converse API' });
    }
    const told = [...this.tools, { name, description, inputSchema }].map((tool) => ({ ...tool, functionArn: '' }));
    const bytes = Buffer.byteLength(JSON.stringify(told)) + told.length * TOOL_ARN_BYTES;
    if (bytes <= TOOLS_BYTES) return;
    refuse(this, {
      prop: 'description, inputSchema',
      value: `${bytes} bytes with those of the other tools`,
      allowed: `at most ${TOOLS_BYTES} bytes, since the function receives them in its environment variables`,
      fix: 'shorten them, or combine several tools into one',
      catalogueId: 'lambda-env-4kb',
    });
  }
}
