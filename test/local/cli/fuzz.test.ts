import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { leftIn, run } from './command-fixture';

const folder = mkdtempSync(join(tmpdir(), 'groundplan-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run fuzz', () => {
  it('prints its seed, what was answered, and leaves nothing behind', async () => {
    const args = ['event-driven', '--requests', '60', '--seed', '11'];
    const ended = await run('fuzz', args, { TMPDIR: folder }).ended;
    expect(ended.err).toBe('');
    expect(ended.out).toMatch(/^Seed 11\.\n/);
    expect(ended.out).toMatch(/\nevent-driven: \d+ requests, \d+ read-backs: \d+ x 200, /);
    expect(ended.out).toMatch(/No 5xx, no read across users, no trace of a refused request, and no alarm\.\n$/);
    expect(ended.code).toBe(0);
    expect(leftIn(folder)).toEqual([]);
  });

  it('tells what it takes', async () => {
    const { out, code } = await run('fuzz', ['--help']).ended;
    expect(out).toMatch(/--seed <n> .*default: drawn, and printed/);
    expect(out).toMatch(/--requests <n> .*default 2000/);
    expect(code).toBe(0);
  });

  it.each<[string, string[], RegExp]>([
    ['no pattern', [], /^Name a pattern: event-driven, data-pipeline, web-app, genai-rag(, [a-z-]+)*, all\n$/],
    ['an unknown pattern', ['shop'], /^Unknown pattern "shop"; available: event-driven/],
    ['two patterns', ['event-driven', 'web-app'], /^One pattern at a time, or all, not "event-driven web-app"\n$/],
    ['no number', ['all', '--requests', 'many'], /^--requests is a whole number from 1 to 1000000, not "many"\n$/],
    ['a seed out of range', ['all', '--seed', '-1'], /^(--seed is|Option '--seed)/],
    ['an unknown option', ['all', '--speed', '1'], /^Unknown option '--speed'\. See npm run fuzz -- --help\n$/],
  ])('reports %s in one line, and exits with 2', async (_, args, line) => {
    const { err, code } = await run('fuzz', args).ended;
    expect(err).toMatch(line);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });
});
