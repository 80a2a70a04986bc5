import { expect, it } from 'vitest';
import packageJson from '../../package.json';
import packageLock from '../../package-lock.json';
import { read } from './markdown';

const entries = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);

it("begins with what is not released yet, or with the package's version and its date", () => {
  const [top = '', next = ''] = entries;
  const released = top === 'Unreleased' ? next : top;
  expect(released).toMatch(/^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/);
  expect(released.split(' ')[0]).toBe(packageJson.version);
  expect(packageLock.version).toBe(packageJson.version);
});

it('has each version once', () => {
  const versions = entries.map((title) => title.split(' ')[0]);
  expect(new Set(versions).size).toBe(versions.length);
});
