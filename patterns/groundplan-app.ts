import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { type AppContext, readContext } from '../lib/stage/context';
import { DataPipelineStack } from './data-pipeline/data-pipeline-stack';
import { EventDrivenStack } from './event-driven/event-driven-stack';
import { WebAppStacks } from './web-app/web-app-stacks';

/**
 * Where the web app is when nobody says where: a stack for CloudFront must name its region. `cdk deploy` always says, from the
 * profile; a synth without credentials does not.
 */
const REGION_FOR_SYNTH = 'us-east-1';

/** The CDK app with one stack for each pattern, and four for the web app; `-c` decides the rest, see {@link readContext}. */
export class GroundplanApp extends App {
  readonly settings: AppContext;

  /** @throws RefusedValueError for a context key or value that cannot be one. */
  constructor(props: AppProps = {}) {
    super(props);
    this.settings = readContext(this.node);
    const { stage, alarmEmail, env, warehouse, compute, mailFrom } = this.settings;
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
      env: { ...env, region: env.region ?? REGION_FOR_SYNTH },
      compute,
      login: { mailFrom },
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
