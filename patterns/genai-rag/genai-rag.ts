import { Duration, Lazy } from 'aws-cdk-lib';
import type { IUserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { GenerationModel } from '../../lib/ai/generation-model';
import { Guardrail, type IGuardrail } from '../../lib/ai/guardrail';
import type { DeniedTopic } from '../../lib/ai/guardrail-policies';
import { InvocationLogs } from '../../lib/ai/invocation-logs';
import { type IKnowledgeBase, KnowledgeBase } from '../../lib/ai/knowledge-base';
import { type IS3DataSource, S3DataSource } from '../../lib/ai/s3-data-source';
import { VectorStore } from '../../lib/ai/vector-store';
import { JwtRestApi } from '../../lib/api/jwt-rest-api';
import { reservable } from '../../lib/compute/concurrency-pool';
import { HandlerCode } from '../../lib/compute/handler-code';
import { HandlerFunction } from '../../lib/compute/handler-function';
import { edgeScope } from '../../lib/edge/edge-region';
import { OriginSecret } from '../../lib/edge/origin-secret';
import { AlarmTopic } from '../../lib/monitoring/alarm-topic';
import { Alarms } from '../../lib/monitoring/alarms';
import { FlowDashboard } from '../../lib/monitoring/dashboard';
import { MonthlyBudget } from '../../lib/monitoring/monthly-budget';
import { stackUniqueName } from '../../lib/naming/stack-unique-name';
import { DataKey } from '../../lib/security/data-key';
import { LoginClient, type SignInOptions } from '../../lib/security/login-client';
import { refusePoolSettings } from '../../lib/security/pool-settings';
import { type StageSettings, stages } from '../../lib/stage/stage';
import { siteUsers } from '../../lib/users/site-users';
import { refuse } from '../../lib/validation/refuse';
import { answerBounds } from './answer-bounds';
import {
  API_PREFIX,
  CALLBACK_PATH,
  DOCUMENTS_PREFIX,
  HEALTH_PATH,
  LOGIN_SCOPES,
  RagEnvironment,
  SIGNED_OUT_PATH,
} from './contract';
import { DocumentLibrary } from './document-library';
import { showRag } from './genai-rag-dashboard';
import type { GenAiRagProps, KnowledgeOptions } from './genai-rag-props';
import { QuestionAnswering, type ToolOptions } from './question-answering';
import { RagEdge } from './rag-edge';
import { refuseContradictions } from './refuse-contradictions';
import { type DataSourceOptions, SyncedSource } from './synced-source';

/** What a request of the documents API waits for at most (apigw-29s-timeout). */
const API_TIMEOUT = Duration.seconds(28);
const DOCUMENTS_CONCURRENCY = 20;
/** Name of the documents API in logs, metrics and traces. */
export const DOCUMENTS_SERVICE = 'documents';
/** What a browser's token has, and what one of the SDK's sign-in has (AWS: Cognito, scopes). */
const SCOPES = [...LOGIN_SCOPES, 'aws.cognito.signin.user.admin'];
/** To the end of an answer, since a REST API is measured as a whole; the first token has an alarm of its own. */
const API_LATENCY_P99 = Duration.seconds(30);

/**
 * Answers questions from one's own documents: people of a tenant upload them, ask, and see an answer that cites them while it is
 * written. Read the constructor from the top as a document goes, from the bucket into the knowledge base; then from the bottom up
 * as a question comes, past the edge to the function that asks the model.
 */
export class GenAiRag extends Construct {
  readonly stage: StageSettings;
  readonly dataKey: DataKey;
  readonly alarmTopic: AlarmTopic;
  readonly alarms: Alarms;
  readonly userPool: IUserPool;
  /** What the site signs people in with. */
  readonly client: UserPoolClient;
  readonly knowledgeBase: IKnowledgeBase;
  readonly library: DocumentLibrary;
  readonly guardrail: IGuardrail;
  readonly model: GenerationModel;
  readonly answers: QuestionAnswering;
  /** Registers, lists and deletes documents. */
  readonly documentsApi: HandlerFunction;
  readonly originSecret: OriginSecret;
  readonly api: JwtRestApi;
  readonly edge: RagEdge;
  /** Undefined in stages without one. */
  readonly dashboard?: FlowDashboard;

  /** @throws RefusedValueError for a prop that cannot work, or a stack that does not say its region; see {@link GenAiRagProps}. */
  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: it reads from top to bottom like the diagram
  constructor(scope: Construct, id: string, props: GenAiRagProps = {}) {
    super(scope, id);
    const { stage = stages.dev, knowledge = {}, answers = {}, documents = {}, site = {}, existing = {} } = props;
    const bounds = answerBounds(this, answers.bounds);
    refuseContradictions(this, props);
    this.stage = stage;
    this.dataKey = new DataKey(this, 'DataKey', {
      stage,
      description: 'Documents, vectors, conversations and logs of the GenAI application',
      existing: existing.encryptionKey,
    });
    const encryptionKey = this.dataKey.key;
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      stage,
      encryptionKey,
      email: props.alarmEmail,
      existing: existing.alarmTopic,
    });
    const { topic } = this.alarmTopic;
    this.alarms = new Alarms(this, 'Alarms', { stage, topic });
    const { alarms } = this;
    if (props.monthlyBudget !== undefined) {
      const { emails = props.alarmEmail === undefined ? [] : [props.alarmEmail], ...budget } = props.monthlyBudget;
      // Where CloudFormation has its type for certain, and where the application has a stack anyhow.
      new MonthlyBudget(edgeScope(this), 'MonthlyBudget', { ...budget, emails });
    }

    // People, and the tenants that administrators put them in. The distribution comes last, and what comes before must know its name.
    const names = site.domain?.names ?? [
      Lazy.string({ produce: () => this.edge.site.distribution.distributionDomainName }),
    ];
    const origins = names.map((name) => `https://${name}`);
    const { userPool, loginUrl, signIn } = this.createUsers(props);
    this.userPool = userPool;
    this.client = new LoginClient(this, 'LoginClient', {
      ...signIn,
      userPool,
      // A pool of yours may have other people in it.
      stage: existing.users === undefined ? stage : undefined,
      callbackUrls: origins.map((origin) => `${origin}${CALLBACK_PATH}`),
      logoutUrls: origins.map((origin) => `${origin}${SIGNED_OUT_PATH}`),
    }).client;

    // A document: looked at, put where the knowledge base reads, and ingested by the next job. The bucket's name is known before
    // the bucket is there: the bucket lets in the site's origin, and the site's API stands on the knowledge base.
    const bucketName = stackUniqueName(this, 'documents-');
    const { knowledgeBase, dataSource } =
      existing.knowledgeBase === undefined
        ? this.createKnowledge(knowledge, Bucket.fromBucketName(this, 'DocumentsByName', bucketName))
        : KnowledgeBase.fromKnowledgeBaseAttributes(this, existing.knowledgeBase);
    this.knowledgeBase = knowledgeBase;
    this.library = new DocumentLibrary(this, 'Library', {
      stage,
      encryptionKey,
      alarms,
      bucketName,
      allowedOrigins: origins,
      knowledgeBase,
      dataSource,
      maxSize: documents.maxSize,
      urlLifetime: documents.urlLifetime,
      existing: existing.knowledgeBase?.bucket,
    });
    // It knows the bucket by its name alone, and goes before it.
    if (dataSource instanceof S3DataSource) dataSource.dataSource.node.addDependency(this.library.documents.bucket);

    // A question: what is refused, who answers, and what is kept.
    this.guardrail =
      existing.guardrail === undefined
        ? new Guardrail(this, 'Guardrail', { stage, encryptionKey, policies: answers.guardrail })
        : Guardrail.fromGuardrailAttributes(this, existing.guardrail);
    this.model = answers.model ?? GenerationModel.default(this);
    this.originSecret = new OriginSecret(this, 'OriginSecret', { stage, encryptionKey });
    const { verifiers } = this.originSecret;
    this.answers = new QuestionAnswering(this, 'Answers', {
      stage,
      encryptionKey,
      alarms,
      bounds,
      knowledgeBase: this.knowledgeBase,
      model: this.model,
      guardrail: this.guardrail,
      originVerifiers: verifiers,
      concurrency: answers.concurrency,
    });
    if (answers.invocationLogs === true) new InvocationLogs(this, 'InvocationLogs', { stage, encryptionKey });
    this.documentsApi = new HandlerFunction(this, 'DocumentsApi', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('genai-rag', 'documents'),
      serviceName: DOCUMENTS_SERVICE,
      timeout: API_TIMEOUT,
      reservedConcurrency: reservable(this, stage, DOCUMENTS_CONCURRENCY),
      environment: { ...this.library.environment, [RagEnvironment.originVerifiers]: verifiers },
    });
    this.library.grantLibrary(this.documentsApi.function);
    alarms.watchHandler('Documents', this.documentsApi);

    // The API and the edge in front of it.
    this.api = new JwtRestApi(this, 'Api', {
      stage,
      encryptionKey,
      userPool,
      scopes: SCOPES,
      setsLogRole: existing.apiLogRole !== true,
    });
    this.addRoutes(Duration.seconds(bounds.answerSeconds + 15));
    alarms.watchRestApi(this.api.api, API_LATENCY_P99);
    const { ask, conversations } = this.answers;
    this.edge = new RagEdge(this, 'Edge', {
      stage,
      encryptionKey,
      site,
      webAclArn: existing.webAclArn,
      api: this.originSecret.originOfRest(this.api.api, this.api.deploymentStage),
      after: [ask.alias, conversations.alias, this.documentsApi.alias],
      loginUrl,
      client: this.client,
      bucketName: existing.knowledgeBase?.bucket.bucketName ?? bucketName,
      alarmTopic: topic,
      alarmEmail: props.alarmEmail,
    });

    alarms.watchAccountConcurrency(stage.accountConcurrency);
    if (!stage.dashboard) return;
    this.dashboard = new FlowDashboard(this, 'Dashboard');
    showRag(this.dashboard, this);
  }

  /** Where the site is, without a slash at the end. */
  get url(): string {
    return this.edge.site.url;
  }

  /**
   * Adds documents of a bucket that someone else fills. What the application's filter finds of them is said by the metadata file
   * beside each: `<file>.metadata.json` with `{"metadataAttributes": {"tenant": "t-acme", "documentId": "…", "name": "…"}}`; a document
   * without one is found by no one.
   *
   * @throws RefusedValueError for a rate that cannot be, or a knowledge base of yours, whose sources are yours to add
   */
  addDataSource(id: string, options: DataSourceOptions): SyncedSource {
    const { stage, alarms, knowledgeBase } = this;
    if (!(knowledgeBase instanceof KnowledgeBase)) {
      return refuse(this, {
        prop: 'addDataSource',
        value: id,
        allowed: 'no value with existing.knowledgeBase',
        fix: 'add it to that knowledge base',
        catalogueId: 'rag-knowledge-base',
      });
    }
    return new SyncedSource(this, id, { ...options, stage, alarms, knowledgeBase });
  }

  /**
   * Denies one more subject, in questions and answers.
   *
   * @throws RefusedValueError for a topic that Bedrock would refuse, or a guardrail of yours, whose topics are yours to set
   */
  denyTopic(topic: DeniedTopic): this {
    if (this.guardrail instanceof Guardrail) this.guardrail.denyTopic(topic);
    else {
      refuse(this, {
        prop: 'topic',
        value: topic.name,
        allowed: 'no value with existing.guardrail',
        fix: 'deny the topic in that guardrail, and pass its new version',
        catalogueId: 'bedrock-guardrail-policies',
      });
    }
    return this;
  }

  /** Adds a function that the model may call; see {@link QuestionAnswering.addTool}. */
  addTool(name: string, options: ToolOptions): HandlerFunction {
    return this.answers.addTool(name, options);
  }

  private createKnowledge(
    { vectorStore = VectorStore.s3Vectors(), embedding, chunking }: KnowledgeOptions,
    bucket: IBucket,
  ): { knowledgeBase: KnowledgeBase; dataSource: IS3DataSource } {
    const { stage, dataKey } = this;
    const knowledgeBase = new KnowledgeBase(this, 'KnowledgeBase', {
      stage,
      encryptionKey: dataKey.key,
      embedding,
      vectorStore,
    });
    const dataSource = knowledgeBase.addS3DataSource('Documents', { bucket, prefix: DOCUMENTS_PREFIX, chunking });
    return { knowledgeBase, dataSource };
  }

  private createUsers(props: GenAiRagProps): { userPool: IUserPool; loginUrl: string; signIn: SignInOptions } {
    const { stage, dataKey } = this;
    const brought = props.existing?.users;
    if (brought !== undefined) {
      refusePoolSettings(this, '', props);
      return { ...brought, signIn: {} };
    }
    const { users, login, signIn } = siteUsers(this, { ...props, stage, encryptionKey: dataKey.key });
    return { userPool: users.userPool, loginUrl: login.url, signIn };
  }

  private addRoutes(streamTimeout: Duration): void {
    const { ask, conversations } = this.answers;
    const path = (below: string) => `${API_PREFIX}${below}`;
    this.api.publicRoute('GET', HEALTH_PATH, conversations.alias);
    this.api.streamRoute('POST', path('/conversations/{id}/messages'), ask.alias, streamTimeout);
    for (const [method, below] of [
      ['GET', '/conversations'],
      ['GET', '/conversations/{id}'],
      ['DELETE', '/conversations/{id}'],
      ['GET', '/me'],
      ['DELETE', '/me'],
    ] as const) {
      this.api.route(method, path(below), conversations.alias);
    }
    for (const [method, below] of [
      ['GET', '/documents'],
      ['POST', '/documents'],
      ['GET', '/documents/{id}'],
      ['DELETE', '/documents/{id}'],
    ] as const) {
      this.api.route(method, path(below), this.documentsApi.alias);
    }
  }
}
