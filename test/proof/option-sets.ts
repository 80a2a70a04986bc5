import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdkJson from '../../cdk.json';
import { readTemplates, type TemplateSet } from '../../lib/template/read-templates';
import { GroundplanApp } from '../../patterns/groundplan-app';
import { keepTemplates } from '../runner/kept-templates';

/** What people pass with `-c`. */
export type Options = Readonly<Record<string, string>>;

/** Everything that an option changes, by what differs. */
export const OPTION_SETS: Readonly<Record<string, Options>> = {
  plain: { region: 'us-east-1' },
  'fargate and opensearch': { region: 'eu-west-1', warehouse: 'true', compute: 'fargate', vectorStore: 'opensearch' },
  'a copy': { region: 'ap-southeast-2', warehouse: 'true', vectorStore: 's3-vectors', name: 'my-branch' },
  'who may come in, and where it is': {
    region: 'us-east-1',
    mfa: 'required',
    mailDomains: 'example.com,example.org',
    guardrailTier: 'classic',
    zones: 'use1-az1,use1-az2,use1-az4',
  },
};

/**
 * All patterns in one app, as `cdk synth` leaves them.
 *
 * @param kept whether `npm run lint:templates` reads the templates, too
 */
export async function synthesizedWith(
  options: Options,
  { kept = false }: { readonly kept?: boolean } = {},
): Promise<TemplateSet> {
  const outdir = mkdtempSync(join(tmpdir(), 'groundplan-options-'));
  try {
    const app = await GroundplanApp.create({
      context: { ...cdkJson.context, alarmEmail: 'ops@example.com', mailFrom: 'accounts@example.com', ...options },
      builtinCloudFormationValidation: false,
      autoSynth: false,
      outdir,
    });
    app.synth();
    if (kept) keepTemplates(outdir);
    return readTemplates([outdir]);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
