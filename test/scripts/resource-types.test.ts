import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resourceTypes, writeResourceTypes } from '../../scripts/resource-types.mjs';

const root = join(__dirname, '../..');
const FILE = 'lib/facts/resource-types.json';
const PACKAGE = 'node_modules/@aws-cdk/aws-service-spec/package.json';

it('writes what is committed, of the data that is installed', () => {
  expect(resourceTypes(root)).toBe(readFileSync(join(root, FILE), 'utf8'));
});

it('writes nothing where the file is of the installed version, or the data is not installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'resource-types-'));
  try {
    mkdirSync(join(folder, 'lib/facts'), { recursive: true });
    const read = () => readFileSync(join(folder, FILE), 'utf8');
    const { version } = JSON.parse(readFileSync(join(root, PACKAGE), 'utf8')) as { version: string };
    const mine = JSON.stringify({ source: `@aws-cdk/aws-service-spec ${version}`, types: {} });
    const other = JSON.stringify({ source: '@aws-cdk/aws-service-spec 0.0.0', types: {} });
    writeFileSync(join(folder, FILE), other);
    writeResourceTypes(folder);
    expect(read()).toBe(other);
    writeFileSync(join(folder, FILE), mine);
    mkdirSync(join(folder, 'node_modules/@aws-cdk/aws-service-spec'), { recursive: true });
    copyFileSync(join(root, PACKAGE), join(folder, PACKAGE));
    writeResourceTypes(folder);
    expect(read()).toBe(mine);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
