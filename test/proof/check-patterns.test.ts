import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES } from '../../lib';
import { main } from '../../lib/operations/command-line';
import type { Terminal } from '../../lib/operations/terminal';
import { assemblyOf } from '../assemblies';

const PATTERNS = ['EventDriven', 'DataPipeline', 'WebApp', 'GenAiRag'] as const;

describe.each(PATTERNS)('groundplan check of %s', (pattern) => {
  it.each(STAGE_NAMES)('in %s', async (stage) => {
    const out: string[] = [];
    const terminal = {
      out: (text: string) => out.push(text),
      err: (text: string) => out.push(text),
      now: () => Date.now(),
    };
    const folder = await assemblyOf(pattern, { stage });
    const code = await main(['check', folder], terminal as unknown as Terminal);
    writeFileSync(`/tmp/gpchk/${pattern}-${stage}.txt`, out.join('\n'));
    expect(code).toBe(0);
  });
});
