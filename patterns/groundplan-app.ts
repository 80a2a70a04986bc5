import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { VectorStore } from '../lib/ai/vector-store';
import { type AppContext, readContext } from '../lib/stage/context';
import { DataPipelineStack } from './data-pipeline/data-pipeline-stack';
import { EventDrivenStack } from './event-driven/event-driven-stack';
import { GenAiRagStack } from './genai-rag/genai-rag-stack';
import { WebAppStacks } from './web-app/web-app-stacks';

/**
 * Where a stack with a site is when no one says where: it must name its region, for CloudFront. `cdk deploy` always says, from the
 * profile; a synth without credentials does not.
 */
const REGION_FOR_SYNTH = 'us-east-1';

const VECTOR_STORES = {
  's3-vectors': () => VectorStore.s3Vectors(),
  opensearch: () => VectorStore.openSearchServerless(),
} as const;

/** The CDK app with one stack for each pattern, four for the web app, and one more for what CloudFront takes from us-east-1; `-c` decides the rest, see {@link readContext}. */
export class GroundplanApp extends App {
  readonly settings: AppContext;

  /** @throws RefusedValueError for a context key or value that cannot be one. */
  constructor(props: AppProps = {}) {
    super(props);
    this.settings = readContext(this.node);
    const { stage, alarmEmail, env, warehouse, compute, vectorStore, mailFrom } = this.settings;
    const named = { ...env, region: env.region ?? REGION_FOR_SYNTH };
    new EventDrivenStack(this, 'EventDriven', { stage, alarmEmail, env, mailFrom });
    new DataPipelineStack(this, 'DataPipeline', {
      stage,
      alarmEmail,
      env,
      alerts: [{ name: 'purchase-rush', of: 'purchase', above: 100 }],
      warehouse,
      api: { mailFrom },
    });
    new WebAppStacks(this, 'WebApp', {
      stage,
      alarmEmail,
      env: named,
      compute,
      login: { mailFrom },
    });
    new GenAiRagStack(this, 'GenAiRag', {
      stage,
      alarmEmail,
      env: named,
      mailFrom,
      knowledge: { vectorStore: vectorStore && VECTOR_STORES[vectorStore]() },
    });
  }

  /**
   * Adds the stage's checks: in strict stages every rule pack, whose findings make synth fail. Loaded only then, so that
   * the other stages do not wait for them.
   */
  async addChecks(): Promise<this> {
    const { strict, accountConcurrency } = this.settings.stage;
    if (strict) {
      const { allPacks } = await import('../lib/checks/all-packs.js');
      Validations.of(this).addPlugins(...allPacks(this, { accountConcurrency }));
    }
    return this;
  }
}
