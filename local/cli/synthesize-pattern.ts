import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdkJson from '../../cdk.json';
import { GroundplanApp } from '../../patterns/groundplan-app';
import type { Pattern } from '../../patterns/pattern';
import { readStack } from '../assembly/cloud-assembly';
import type { SynthesizedPattern } from './patterns';

/** Who receives alarm notifications. */
const ALARM_EMAIL = 'ops@example.com';

/** Whom mail to users comes from, in a pattern that has such. */
const MAIL_FROM = 'accounts@example.com';

/** Synthesizes a pattern for stage dev into a temporary folder, in one stack. */
export async function synthesizePattern({ local = {}, ...pattern }: Pattern): Promise<SynthesizedPattern> {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-run-'));
  const context = {
    ...cdkJson.context,
    alarmEmail: ALARM_EMAIL,
    ...('mailFrom' in (pattern.contextKeys ?? {}) && { mailFrom: MAIL_FROM }),
    ...local.context,
  };
  const inOneStack = { ...pattern, addStacks: local.addStack ?? pattern.addStacks };
  const app = await GroundplanApp.create({
    patterns: [inOneStack],
    outdir,
    context,
    builtinCloudFormationValidation: false,
  });
  app.synth();
  return {
    stack: readStack(outdir, pattern.stack),
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}
