import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The package's own folder, from lib/compute in source as in dist/lib/compute when built. */
export const PACKAGE_ROOT =
  [join(__dirname, '..', '..'), join(__dirname, '..', '..', '..')].find((folder) =>
    existsSync(join(folder, 'package.json')),
  ) ?? '.';
