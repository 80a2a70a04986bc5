import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Stands in for the AWS CLI, which is not a package of npm: the same words, sent by the real client. */
const AWS = `#!/usr/bin/env node
const { createRequire } = require('node:module');
const sdk = createRequire(${JSON.stringify(__filename)})('@aws-sdk/client-cognito-identity-provider');
const pascal = (text) => text.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
const [service, action, ...rest] = process.argv.slice(2);
if (service !== 'cognito-idp') throw new Error(service);
const given = {};
while (rest.length > 0) {
  const name = rest.shift().slice(2);
  given[pascal(name)] = rest.length === 0 || rest[0].startsWith('--') ? true : rest.shift();
}
const { Region: region, Query: query, Output: output, ...input } = given;
if (input.AuthParameters) input.AuthParameters = Object.fromEntries(input.AuthParameters.split(',').map((pair) => pair.split('=')));
new sdk.CognitoIdentityProviderClient({ region })
  .send(new sdk[pascal(action) + 'Command'](input))
  .then((answer) => console.log(query === undefined ? '' : query.split('.').reduce((at, name) => at[name], answer)));
`;

/** Runs commands in a shell that stops at the first failure, as a person pastes them. @returns what was printed */
export async function pasted(
  commands: string,
  endpoint: string,
): Promise<{ readonly code: number; readonly out: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'groundplan-paste-'));
  try {
    writeFileSync(join(folder, 'aws'), AWS);
    chmodSync(join(folder, 'aws'), 0o755);
    const child = spawn('bash', ['-euc', commands], {
      env: {
        PATH: `${folder}:${process.env['PATH']}`,
        AWS_ENDPOINT_URL: endpoint,
        NODE_NO_WARNINGS: '1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    const code = await new Promise<number>((ended) => child.once('close', (status) => ended(status ?? 1)));
    return { code, out: out.trim() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The commands that the output of `groundplan try` gives to paste. */
export function commandsIn(out: string): string {
  return out
    .split('\n')
    .filter((line) => /^(TRY_USER=|TOKEN=|aws |curl )/.test(line))
    .join('\n');
}
