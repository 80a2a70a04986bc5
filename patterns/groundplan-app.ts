import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  App,
  type AppProps,
  CfnRule,
  CfnWaitConditionHandle,
  type Environment,
  Fn,
  Stack,
  Validations,
} from 'aws-cdk-lib';
import { type AppContext, readContext } from '../lib/stage/context';
import { type Pattern, REGION_FOR_SYNTH } from './pattern';
import { PATTERNS } from './patterns';
import { ALL, type Selection } from './selection';

/** What {@link GroundplanApp} takes. */
export interface GroundplanAppProps extends AppProps {
  /** @default - every pattern of this package */
  readonly patterns?: readonly Pattern[];
  /** The stacks that a command is about. A pattern without one of them is not built. @default - all */
  readonly selection?: Selection;
}

/** The CDK app with the stacks of each pattern; `-c` decides the rest, see {@link readContext}. */
export class GroundplanApp extends App {
  readonly settings: AppContext;
  /** Whether the command needs names alone, and the assembly that is there has them: then it stays as it is. */
  isListed = false;

  /** @throws RefusedValueError for a context key or value that cannot be one */
  private constructor(props: AppProps, patterns: readonly Pattern[]) {
    super(props);
    this.settings = settingsOf(this, patterns);
  }

  /**
   * An app with the stacks that are asked for. CDK's own validator judges them, but for a synth in a stage that is not strict: its four CPU
   * seconds would be most of it, and the command that deploys runs it.
   *
   * @throws RefusedValueError for a context key or value, or a prop, that cannot be one
   */
  static async create({
    patterns = PATTERNS,
    selection = ALL,
    ...props
  }: GroundplanAppProps = {}): Promise<GroundplanApp> {
    const { strict } = settingsOf(new App({ ...props, autoSynth: false }), patterns).stage;
    const isJudged = !selection.isDraft || (strict && !selection.namesOnly);
    const app = new GroundplanApp({ builtinCloudFormationValidation: isJudged, ...props }, patterns);
    const stacksOf = (pattern: Pattern) => pattern.stacks(app.settings);
    const all = patterns.flatMap(stacksOf);
    if (selection.environmentsOnly === true) {
      for (const id of all) addName(app, id, app.settings.stackName(id), environmentOf(id, app.settings.env));
      return app;
    }
    // The CLI shows the name of an edge stack in CloudFormation, too, which the stack itself knows.
    const areNamesEnough = selection.namesOnly && !all.some((id) => id.endsWith('Edge'));
    const written = areNamesEnough ? stacksIn(app.outdir) : undefined;
    app.isListed = written !== undefined && [...written].sort().join() === [...all].sort().join();
    if (app.isListed) return app;
    const stubs = areNamesEnough && written === undefined;
    for (const pattern of patterns) {
      if (stubs) for (const id of stacksOf(pattern)) addName(app, id, app.settings.stackName(id));
      else if (stacksOf(pattern).some((id) => selection.namesOnly || selection.includes(id, all))) {
        await pattern.addStacks(app, app.settings);
      }
    }
    return app;
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

/** What `-c` decides. @throws RefusedValueError for a context key or value that cannot be one */
function settingsOf({ node }: App, patterns: readonly Pattern[]): AppContext {
  return readContext(node, Object.assign({}, ...patterns.map(({ contextKeys }) => contextKeys ?? {})));
}

/** The stacks of the assembly that is in a folder; undefined where there is none. */
function stacksIn(outdir: string): readonly string[] | undefined {
  const file = join(outdir, 'manifest.json');
  if (!existsSync(file)) return undefined;
  const { artifacts = {} } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly artifacts?: Readonly<Record<string, { readonly type?: string }>>;
  };
  return Object.entries(artifacts).flatMap(([id, { type }]) => (type === 'aws:cloudformation:stack' ? [id] : []));
}

/** Where a stack goes: what CloudFront takes from us-east-1 alone goes there. */
function environmentOf(id: string, env: Environment): Environment {
  return id.endsWith('Edge') ? { ...env, region: REGION_FOR_SYNTH } : env;
}

/**
 * A stack of which a command asks nothing but the name, where no templates were written that it would replace. What is in `cdk.out`
 * afterwards must not be deployed: the CLI deletes a stack without resources, so that it has one, and a rule that CloudFormation
 * refuses before it changes anything.
 */
function addName(app: App, id: string, stackName: string, env?: Environment): void {
  const stack = new Stack(app, id, { stackName, env, analyticsReporting: false });
  new CfnWaitConditionHandle(stack, 'NotBuilt');
  new CfnRule(stack, 'NotForDeployment', {
    assertions: [
      {
        assert: Fn.conditionEquals('built', 'listed'),
        assertDescription:
          'This template was written by "cdk list" or "cdk bootstrap", which build no stack. Run "cdk synth" first.',
      },
    ],
  });
}
