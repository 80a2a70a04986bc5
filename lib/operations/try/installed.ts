import { CommandError } from '../terminal';

/** An optional package: whoever only deploys does without it. */
export const COGNITO_CLIENT = '@aws-sdk/client-cognito-identity-provider';

/**
 * Loads what needs an optional package.
 *
 * @throws CommandError (exit code 2) with the line that installs it, when it is missing
 */
export async function whenInstalled<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    if (!isMissing || !String(error).includes(COGNITO_CLIENT)) throw error;
    throw new CommandError(`groundplan try needs one more package: npm install --save-dev ${COGNITO_CLIENT}`, 2);
  }
}
