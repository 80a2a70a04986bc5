import type { BuildOptions } from 'esbuild';

/**
 * How every handler is bundled, ours and yours: CommonJS with the AWS SDK inside loads fastest on Node.js 24, and source
 * maps stay out of what is deployed.
 */
export const HANDLER_BUNDLE = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  sourcemap: false,
} as const satisfies BuildOptions;
