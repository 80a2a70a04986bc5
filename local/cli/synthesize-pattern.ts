import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdkJson from '../../cdk.json';
import { GroundplanApp } from '../../patterns/groundplan-app';
import type { Pattern } from '../../patterns/pattern';
import { readStack } from '../assembly/cloud-assembly';
import type { SynthesizedPattern } from './patterns';

/** What a pattern needs to be told, whoever runs it. */
const PEOPLE = { alarmEmail: 'ops@example.com', mailFrom: 'accounts@example.com' };

/** Synthesizes a pattern for stage dev into a temporary folder, in one stack. */
export async function synthesizePattern({ local = {}, ...pattern }: Pattern): Promise<SynthesizedPattern> {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-run-'));
  const context = { ...cdkJson.context, ...PEOPLE, ...local.context };
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
