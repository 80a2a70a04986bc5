import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Environment, type IPolicyValidationPlugin, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../cdk.json';
import type { StageName } from '../lib';
import { stages } from '../lib';
import { readStack } from '../local/assembly/cloud-assembly';
import { type ClickstreamPipelineProps, DataPipelineStack } from '../patterns/data-pipeline';
import { type EventDrivenShopProps, EventDrivenStack } from '../patterns/event-driven';
import { type GenAiRagProps, GenAiRagStack, VectorStore } from '../patterns/genai-rag';
import { WebApp, type WebAppProps, WebAppStacks } from '../patterns/web-app';
import { type AssemblyOptions, type PatternOptions, placeOf } from './assemblies';
import { keepTemplates } from './runner/kept-templates';

/** Who receives alarm notifications in tests. */
export const ALARM_EMAIL = 'ops@example.com';

/** An app with the project's feature flags and without the built-in validator, which has a suite of its own. */
export function testApp(options: { outdir?: string; validator?: boolean } = {}): App {
  return new App({
    context: { ...cdkJson.context },
    builtinCloudFormationValidation: options.validator === true,
    outdir: options.outdir,
  });
}

/** The event-driven pattern's stack in a stage. */
export function eventDrivenStack(
  app: App,
  stage: StageName = 'dev',
  props: EventDrivenShopProps & { env?: Environment; stackName?: string } = {},
): EventDrivenStack {
  return new EventDrivenStack(app, 'EventDriven', { stage: stages[stage], alarmEmail: ALARM_EMAIL, ...props });
}

/** The data pipeline's stack in a stage. */
export function dataPipelineStack(
  app: App,
  stage: StageName = 'dev',
  props: ClickstreamPipelineProps & { env?: Environment; stackName?: string } = {},
): DataPipelineStack {
  return new DataPipelineStack(app, 'DataPipeline', { stage: stages[stage], alarmEmail: ALARM_EMAIL, ...props });
}

/** A pattern's stack in an app, as {@link AssemblyOptions} have it. */
const STACKS: {
  readonly [Name in keyof PatternOptions]: (app: App, options: AssemblyOptions<PatternOptions[Name]>) => Stack;
} = {
  EventDriven: (app, { stage, props, region, stackName }) =>
    eventDrivenStack(app, stage, { ...props, stackName, ...(region !== undefined && { env: { region } }) }),
  DataPipeline: (app, { stage, props, region, stackName }) =>
    dataPipelineStack(app, stage, { ...props, stackName, ...(region !== undefined && { env: { region } }) }),
  WebApp: (app, { stage, props, region }) => Stack.of(webApp(app, stage, props, region)),
  GenAiRag: (app, { stage, props, region, store }) =>
    genAiRagStack(
      app,
      stage,
      {
        ...props,
        ...(store !== undefined && { knowledge: { ...props?.knowledge, vectorStore: VECTOR_STORES[store]() } }),
      },
      region,
    ),
};

/**
 * A pattern as `cdk synth` leaves it: {@link assemblyOf}, for who has loaded the CDK anyhow.
 *
 * @throws Error for options that are more than plain data: they have no key
 */
export function synthesized<Name extends keyof PatternOptions>(
  pattern: Name,
  options: AssemblyOptions<PatternOptions[Name]> = {},
): string {
  const shared = placeOf(pattern, options);
  if (shared === undefined) throw new Error(`${pattern}: options that hold more than plain data have no key`);
  if (!shared.exists) {
    shared.add((outdir) => {
      const app = testApp({ outdir });
      STACKS[pattern](app, options);
      app.synth();
    });
  }
  return shared.folder;
}

const templates = new Map<string, Template>();

/** A template that is synthesized once. Test files may share one (vitest.config.mts), so it cannot be changed. */
function templateOf<Name extends keyof PatternOptions>(
  pattern: Name,
  options: AssemblyOptions<PatternOptions[Name]>,
): Template {
  const folder = synthesized(pattern, options);
  const known = templates.get(folder);
  if (known !== undefined) return known;
  const template = Template.fromJSON({ ...readStack(folder, pattern).template });
  freeze(template.toJSON());
  templates.set(folder, template);
  return template;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
}

/**
 * The event-driven pattern's template in a stage; each is synthesized once. One with an edge is in us-east-1,
 * where all of it is in one template.
 */
export function eventDrivenTemplate(
  stage: StageName = 'dev',
  { fifo = false, edge = false }: { fifo?: boolean; edge?: boolean } = {},
): Template {
  const props = { ...(fifo && { fifo }), ...(edge && { edge: {} }) };
  return templateOf('EventDriven', { stage, props, ...(edge && { region: 'us-east-1' }) });
}

/** A resource of a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly Metadata?: Record<string, unknown>;
  readonly DeletionPolicy?: string;
}

/** The data pipeline's template in a stage; each is synthesized once. */
export function dataPipelineTemplate(stage: StageName = 'dev'): Template {
  return templateOf('DataPipeline', { stage });
}

/** Whom mail to users comes from in tests. */
export const MAIL_FROM = 'accounts@example.com';

/** All of the web app in one stack; without an account, and in us-east-1, where all of it can be in one. */
export function webApp(app: App, stage: StageName = 'dev', props: WebAppProps = {}, region = 'us-east-1'): WebApp {
  const stack = new Stack(app, 'WebApp', { env: { region } });
  return new WebApp(stack, 'App', {
    stage: stages[stage],
    alarmEmail: ALARM_EMAIL,
    login: { mailFrom: MAIL_FROM },
    ...props,
  });
}

/** The web app as the stacks that are deployed, elsewhere than CloudFront's own part. */
export function webAppStacks(
  app: App,
  stage: StageName = 'dev',
  props: WebAppProps = {},
  region = 'eu-west-1',
): WebAppStacks {
  return new WebAppStacks(app, 'WebApp', {
    env: { region },
    stage: stages[stage],
    alarmEmail: ALARM_EMAIL,
    login: { mailFrom: MAIL_FROM },
    ...props,
  });
}

/** The web app's template in a stage, all of it in one; each is synthesized once. */
export function webAppTemplate(stage: StageName = 'dev', compute: 'lambda' | 'fargate' = 'lambda'): Template {
  return templateOf('WebApp', { stage, ...(compute !== 'lambda' && { props: { compute } }) });
}

/** The GenAI pattern's stack; without an account, and in us-east-1, where all of it is in one. */
export function genAiRagStack(
  app: App,
  stage: StageName = 'dev',
  props: GenAiRagProps = {},
  region = 'us-east-1',
): GenAiRagStack {
  return new GenAiRagStack(app, 'GenAiRag', {
    env: { region },
    stage: stages[stage],
    alarmEmail: ALARM_EMAIL,
    mailFrom: MAIL_FROM,
    ...props,
  });
}

/** The vector stores, by the name that `-c vectorStore` has for them. */
export const VECTOR_STORES = {
  's3-vectors': () => VectorStore.s3Vectors(),
  opensearch: () => VectorStore.openSearchServerless(),
  'opensearch-nextgen': () => VectorStore.openSearchServerless({ generation: 'NEXTGEN' }),
} as const;

/** What each store warns of at synth: its price, or what no one has seen work. A warning stops no synth. */
export const STORE_WARNINGS: Readonly<Record<keyof typeof VECTOR_STORES, readonly string[]>> = {
  's3-vectors': [],
  opensearch: ['Annotation::groundplan:rag-vector-store-cost'],
  'opensearch-nextgen': ['Annotation::groundplan:rag-knowledge-base'],
};

/** The GenAI pattern's template in a stage; each is synthesized once. @param store @default s3-vectors */
export function genAiRagTemplate(stage: StageName = 'dev', store?: keyof typeof VECTOR_STORES): Template {
  return templateOf('GenAiRag', { stage, ...(store !== undefined && store !== 's3-vectors' && { store }) });
}

/** The resources of a template, by logical id. */
export function resourcesOf(template: Template, type?: string): Record<string, TemplateResource> {
  const all = (template.toJSON() as { Resources: Record<string, TemplateResource> }).Resources;
  return Object.fromEntries(Object.entries(all).filter(([, resource]) => type === undefined || resource.Type === type));
}

/** One finding, or one acknowledged finding, of a validation report. */
export interface ReportedFinding {
  readonly ruleName: string;
  readonly severity?: string;
  readonly description: string;
  readonly reason?: string;
  readonly acknowledgedAt?: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/** Synthesizes with validation plugins and returns what they reported, whether or not synthesis was refused. */
export function validationReport(
  build: (app: App) => void,
  plugins: (app: App) => readonly IPolicyValidationPlugin[],
  { validator = false, keep = false }: { readonly validator?: boolean; readonly keep?: boolean } = {},
): { violations: ReportedFinding[]; acknowledged: ReportedFinding[]; refused: boolean } {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-test-'));
  try {
    const app = testApp({ outdir, validator });
    build(app);
    const chosen = plugins(app);
    if (chosen.length > 0) Validations.of(app).addPlugins(...chosen);
    let refused = false;
    const stderr = process.stderr.write;
    process.stderr.write = () => true;
    try {
      app.synth();
    } catch {
      refused = true;
    } finally {
      process.stderr.write = stderr;
    }
    if (keep) keepTemplates(outdir);
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
      pluginReports: { violations?: ReportedFinding[]; suppressedViolations?: ReportedFinding[] }[];
    };
    return {
      violations: pluginReports.flatMap((report) => report.violations ?? []),
      acknowledged: pluginReports.flatMap((report) => report.suppressedViolations ?? []),
      refused,
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
