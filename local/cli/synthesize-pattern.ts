import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, Stack } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import { stages } from '../../lib/stage/stage';
import { GroundplanApp } from '../../patterns/groundplan-app';
import { WebApp } from '../../patterns/web-app/web-app';
import { readStack } from '../assembly/cloud-assembly';
import type { SynthesizedPattern } from './patterns';

const ALARM_EMAIL = 'ops@example.com';
const MAIL_FROM = 'accounts@example.com';
/** Where all of what has a site can be in one stack. */
const EDGE_REGION = 'us-east-1';

/** Synthesizes a pattern for stage dev into a temporary folder, the web app in one stack. */
export function synthesizePattern(pattern: string, stackName: string): SynthesizedPattern {
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
