import { describe, expect, it } from 'vitest';
import { COGNITO_CLIENT, whenInstalled } from '../../../../lib/operations/try/installed';

const failing = (message: string, code: string) => () => Promise.reject(Object.assign(new Error(message), { code }));

describe('a package that is optional', () => {
  it.each([
    ['ERR_MODULE_NOT_FOUND', `Cannot find package '${COGNITO_CLIENT}' imported from /app/clients.js`],
    ['MODULE_NOT_FOUND', `Cannot find module '${COGNITO_CLIENT}'\nRequire stack:\n- /app/clients.js`],
  ])('is named with the line that installs it (%s)', async (code, message) => {
    await expect(whenInstalled(failing(message, code))).rejects.toMatchObject({
      exitCode: 2,
      message: `groundplan try needs one more package: npm install --save-dev ${COGNITO_CLIENT}`,
    });
  });

  it('hides no other error', async () => {
    await expect(whenInstalled(failing("Cannot find module 'other'", 'MODULE_NOT_FOUND'))).rejects.toThrow('other');
    await expect(whenInstalled(failing(COGNITO_CLIENT, 'EACCES'))).rejects.toThrow(COGNITO_CLIENT);
  });

  it('is loaded where it is there', async () => {
    expect(await whenInstalled(async () => 1)).toBe(1);
  });
});
