import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { placeOf } from '../assemblies';
import { sharedAssembly } from './assemblies';

const unique = (more: object = {}) => ({ only: `this test ${process.pid}`, ...more });
const place = (options: object) => sharedAssembly('Test', options) ?? expect.fail('no place');
const synthesize = (text: string) => (outdir: string) => writeFileSync(join(outdir, 'manifest.json'), text);

it('has one place for options that mean the same, and others for others', () => {
  const { folder } = place(unique({ a: 1, b: { c: [2], d: undefined } }));
  expect(place(unique({ b: { c: [2] }, a: 1 })).folder).toBe(folder);
  for (const other of [{ a: 2, b: { c: [2] } }, { a: 1, b: { c: [2, 2] } }, { a: '1', b: { c: [2] } }, { a: 1 }]) {
    expect(place(unique(other)).folder).not.toBe(folder);
  }
  expect(placeOf('EventDriven', { stage: 'dev', props: {} })?.folder).toBe(placeOf('EventDriven', {})?.folder);
  expect(placeOf('EventDriven', { stage: 'prod' })?.folder).not.toBe(placeOf('EventDriven', {})?.folder);
});

it.each([[() => 1], [new Date(0)], [Symbol('s')], [1n], [[new Map()]]])(
  'has none for %s, which is no data',
  (value) => {
    expect(sharedAssembly('Test', { value })).toBeUndefined();
  },
);

it('keeps what was synthesized first, and nothing of what failed', () => {
  const first = place(unique());
  const second = place(unique());
  const fresh = () => readdirSync(dirname(first.folder)).filter((name) => name.startsWith('new-'));
  const before = fresh();
  expect(() =>
    first.add(() => {
      throw new Error('no synthesis');
    }),
  ).toThrow('no synthesis');
  expect([existsSync(first.folder), fresh()]).toEqual([false, before]);
  first.add(synthesize('first'));
  second.add(synthesize('second'));
  expect(readFileSync(join(first.folder, 'manifest.json'), 'utf8')).toBe('first');
  expect([place(unique()).exists, fresh()]).toEqual([true, before]);
  rmSync(first.folder, { recursive: true });
});

it('are those that all test processes share', () => {
  expect(dirname(place(unique()).folder)).toBe(inject('assemblies'));
});

it('can be made without Vitest, as by npm run report', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', "require('./test/synthesize')"], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
});
