import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTemplates } from '../../lib/template/read-templates';
import { eventDriven } from '../../patterns/event-driven/pattern';
import { synthesesOf, synthesizePattern } from '../../patterns/synthesis';
import { webApp } from '../../patterns/web-app/pattern';

const outdir = mkdtempSync(join(tmpdir(), 'groundplan-synthesis-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

describe('a pattern that a command synthesizes', () => {
  it('is all of its stacks, and none of another pattern', async () => {
    const folder = join(outdir, 'web-app');
    await synthesizePattern(webApp, { region: 'eu-west-1', stage: 'prod', alarmEmail: 'ops@example.com' }, folder);
    const { artifacts } = readTemplates([folder]);
    expect([...artifacts].map(([key, { environment }]) => [key, environment])).toEqual([
      ['WebAppNetwork', 'aws://unknown-account/eu-west-1'],
      ['WebAppData', 'aws://unknown-account/eu-west-1'],
      ['WebApp', 'aws://unknown-account/eu-west-1'],
      ['WebAppEdge', 'aws://unknown-account/us-east-1'],
    ]);
  });

  it('is found by its name', async () => {
    const syntheses = synthesesOf([eventDriven, webApp]);
    expect(Object.keys(syntheses)).toEqual(['event-driven', 'web-app']);
    const folder = join(outdir, 'event-driven');
    await syntheses['event-driven']?.({ region: 'eu-west-1' }, folder);
    const { artifacts, templates } = readTemplates([folder]);
    expect([...artifacts.keys()]).toEqual(['EventDriven']);
    // A person finds a resource by its path.
    const [first] = Object.values(templates['EventDriven']?.Resources ?? {});
    expect(first?.Metadata?.['aws:cdk:path']).toMatch(/^EventDriven\/Shop\//);
  });

  it('takes the keys of its own context alone', async () => {
    await expect(synthesizePattern(eventDriven, { stage: 'big' }, join(outdir, 'big'))).rejects.toThrow(
      "app: context stage is 'big'; allowed: dev, staging, prod.",
    );
    await expect(synthesizePattern(eventDriven, { compute: 'fargate' }, join(outdir, 'key'))).rejects.toThrow(
      'context key compute',
    );
  });
});
