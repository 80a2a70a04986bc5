import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hideSdkVersionWarning } from '../../../lib/operations/sdk-version-warning';

const ROOT = join(__dirname, '../../..');

/** What a process that the SDK takes for one of Node.js 20 prints when it makes a client and warns of something itself. */
function warningsWith(environment: NodeJS.ProcessEnv): string {
  const script = `
    Object.defineProperty(process, 'version', { value: 'v20.0.0' });
    const { SQSClient } = require('@aws-sdk/client-sqs');
    new SQSClient({ region: 'eu-west-1' });
    process.emitWarning('another warning');`;
  const { stderr, status } = spawnSync(process.execPath, ['-e', script], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  return stderr;
}

describe('the warning of the AWS SDK about the version of Node.js', () => {
  it('is hidden, and no other', () => {
    const environment: NodeJS.ProcessEnv = {};
    hideSdkVersionWarning(environment);
    const hidden = warningsWith(environment);
    expect(hidden).toContain('another warning');
    expect(hidden).not.toContain('NodeVersionSupportWarning');
    // What there is to hide.
    expect(warningsWith({})).toMatch(/NodeVersionSupportWarning[\s\S]*another warning/);
  });

  it('is shown to whoever asks for it', () => {
    const environment = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'false' };
    hideSdkVersionWarning(environment);
    expect(environment).toEqual({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'false' });
  });
});
