import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, Stack } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import { stages } from '../../lib/stage/stage';
import { GroundplanApp } from '../../patterns/groundplan-app';
import { WebApp } from '../../patterns/web-app/web-app';
import { readStack, type SynthesizedStack } from '../assembly/cloud-assembly';
import { UsageError } from './usage-error';

/** Patterns that can be run, and their stacks. */
export const PATTERNS: Readonly<Record<string, string>> = {
  'event-driven': 'EventDriven',
  'data-pipeline': 'DataPipeline',
  'web-app': 'WebApp',
  'genai-rag': 'GenAiRag',
};
const ALARM_EMAIL = 'ops@example.com';
const MAIL_FROM = 'accounts@example.com';
/** Where all of what has a site can be in one stack. */
const EDGE_REGION = 'us-east-1';

/** A synthesized pattern on disk. */
export interface SynthesizedPattern {
  readonly stack: SynthesizedStack;
  /** Deletes what was written. */
  remove(): void;
}

/** What to say of a pattern that there is not. */
export function unknownPattern(pattern: string): UsageError {
  return new UsageError(`There is no pattern "${pattern}" to run; there is: ${Object.keys(PATTERNS).join(', ')}`);
}

/**
 * Synthesizes a pattern for stage dev as `cdk synth` does, the web app in one stack; or reads what lies in a folder.
 *
 * @param assembly a folder that `cdk synth` wrote. @default - synthesizes into a temporary folder
 * @throws UsageError for a pattern that there is not, or a folder without it
 */
export function synthesizePattern(pattern: string, assembly?: string): SynthesizedPattern {
  const stackName = PATTERNS[pattern];
  if (stackName === undefined) throw unknownPattern(pattern);
  if (assembly !== undefined) {
    if (!existsSync(join(assembly, `${stackName}.template.json`))) {
      throw new UsageError(`${assembly} is no cloud assembly with a stack ${stackName}`);
    }
    const stack = readStack(assembly, stackName);
    const types = Object.values(stack.template.Resources).map(({ Type }) => Type);
    if (pattern === 'web-app' && !types.includes('AWS::RDS::DBCluster')) {
      throw new UsageError(
        `${assembly} has the web app in several stacks, which do not run here: synthesize class WebApp in one, or leave --assembly out`,
      );
    }
    return { stack, remove: () => undefined };
  }
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-run-'));
  const options = { outdir, builtinCloudFormationValidation: false };
  const { context } = cdkJson;
  const own = pattern === 'genai-rag' ? { region: EDGE_REGION } : {};
  const app =
    pattern === 'web-app'
      ? webApp(stackName, { ...options, context })
      : new GroundplanApp({
          ...options,
          context: { ...context, ...own, alarmEmail: ALARM_EMAIL, mailFrom: MAIL_FROM },
        });
  app.synth();
  return {
    stack: readStack(outdir, stackName),
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}

/** An app with all of the web app in one stack. */
function webApp(stackName: string, options: AppProps): App {
  const app = new App(options);
  const stack = new Stack(app, stackName, { env: { region: EDGE_REGION } });
  new WebApp(stack, 'App', { stage: stages.dev, alarmEmail: ALARM_EMAIL, login: { mailFrom: MAIL_FROM } });
  return app;
}
