import { readFile } from 'node:fs/promises';
import { requiredVariable } from './environment';

/** Credentials of a role. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Hands out credentials that are good now. */
export type CredentialsSource = () => Promise<Credentials>;

/** Where ECS hands out a task's credentials (AWS: Amazon ECS task IAM role). */
const TASK_CREDENTIALS = 'http://169.254.170.2';
/** New ones are there long before the old ones expire: AWS's clients ask five minutes ahead. */
const AHEAD_MS = 300_000;

/** Credentials of the role that the process runs as: in Lambda from its environment, in a container from where ECS points. */
export function roleCredentials(): CredentialsSource {
  return process.env['AWS_ACCESS_KEY_ID'] === undefined ? containerCredentials() : environmentCredentials;
}

/** Lambda's: they outlive their sandbox's work. */
const environmentCredentials: CredentialsSource = async () => {
  const sessionToken = process.env['AWS_SESSION_TOKEN'];
  return {
    accessKeyId: requiredVariable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: requiredVariable('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken !== undefined && { sessionToken }),
  };
};

function containerCredentials(): CredentialsSource {
  let held: { readonly credentials: Credentials; readonly until: number } | undefined;
  let asked: Promise<Credentials> | undefined;
  const ask = async (): Promise<Credentials> => {
    const answer = await fetch(address(), { headers: await authorization(), signal: AbortSignal.timeout(2000) });
    if (!answer.ok) throw new Error(`The container's credentials answered ${answer.status}`);
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = (await answer.json()) as Record<string, string>;
    if (AccessKeyId === undefined || SecretAccessKey === undefined) throw new Error('The container has no credentials');
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(Token !== undefined && { sessionToken: Token }),
    };
    held = { credentials, until: Expiration === undefined ? 0 : Date.parse(Expiration) - AHEAD_MS };
    return credentials;
  };
  return async () => {
    if (held !== undefined && Date.now() < held.until) return held.credentials;
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

/** @throws Error for an address that would send the container's token over a network in the clear */
function address(): string {
  const relative = process.env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  if (relative !== undefined) return `${TASK_CREDENTIALS}${relative}`;
  const url = new URL(requiredVariable('AWS_CONTAINER_CREDENTIALS_FULL_URI'));
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|169\.254\.170\.(2|23)|\[fd00:ec2::23\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) throw new Error(`${url.origin} is no place for credentials`);
  return url.href;
}

async function authorization(): Promise<Record<string, string>> {
  const file = process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
  const token =
    file === undefined ? process.env['AWS_CONTAINER_AUTHORIZATION_TOKEN'] : (await readFile(file, 'utf8')).trim();
  return token === undefined ? {} : { authorization: token };
}
