import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Location } from './service';

/** Temporary credentials, as STS hands them out for a role and the SDK signs with. */
export interface LocalCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A request as it came. */
export interface SignedRequest {
  readonly method: string;
  /** Path with its query string. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What signatures are for when an API is called (AWS: IAM user guide, service authorization of API Gateway). */
const SERVICE = 'execute-api';
/** AWS: IAM user guide, Signature Version 4: a request must arrive within five minutes of its time stamp. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** Without them a signature would be good for another API, or forever. */
const ALWAYS_SIGNED = ['host', 'x-amz-date'];

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE64 = `${BASE32}abcdefghijklmnopqrstuvwxyz0189+/`;
const ROLE = 'local-sender';
const SESSION = 'local';

/** A role of the account, assumed: it has credentials to sign requests with, and knows a request that they signed. */
export class LocalRole {
  readonly credentials: LocalCredentials;
  private readonly id: string;
  private readonly signer: SignatureV4;

  /** @param random draws numbers from 0 up to 1 */
  constructor(
    private readonly location: Location,
    random: () => number,
  ) {
    const text = (length: number, alphabet: string) =>
      Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');
    this.id = `AROA${text(17, BASE32)}`;
    this.credentials = {
      accessKeyId: `ASIA${text(16, BASE32)}`,
      secretAccessKey: text(40, BASE64),
      sessionToken: text(120, BASE64),
    };
    const { accessKeyId, secretAccessKey } = this.credentials;
    this.signer = new SignatureV4({
      service: SERVICE,
      region: location.region,
      credentials: { accessKeyId, secretAccessKey },
      sha256: Sha256,
      applyChecksum: false,
    });
  }

  /** Who it is, as `requestContext.authorizer.iam` of an event says (AWS: Lambda, payload format 2.0). */
  get identity(): Readonly<Record<string, string | null>> {
    const { account } = this.location;
    const principal = `${this.id}:${SESSION}`;
    return {
      accessKey: this.credentials.accessKeyId,
      accountId: account,
      callerId: principal,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: `arn:aws:sts::${account}:assumed-role/${ROLE}/${SESSION}`,
      userId: principal,
    };
  }

  /**
   * Whether a request is signed with the credentials for an API of the region, as it came and just now: the same request is
   * signed again and must come out alike (AWS: IAM user guide, "Create a signed AWS API request"). Signatures in the query
   * string are not looked for.
   */
  async signed({ method, path, headers, body = '' }: SignedRequest, now: number): Promise<boolean> {
    const parts = AUTHORIZATION.exec(headers['authorization'] ?? '');
    const time = headers['x-amz-date'] ?? '';
    if (parts === null || !TIME.test(time)) return false;
    const [, accessKeyId, day = '', region, service, names = '', signature = ''] = parts;
    const { credentials, location } = this;
    if (accessKeyId !== credentials.accessKeyId || region !== location.region || service !== SERVICE) return false;
    const signedAt = Date.parse(time.replace(TIME, '$1-$2-$3T$4:$5:$6Z'));
    if (!time.startsWith(day) || !(Math.abs(now - signedAt) <= CLOCK_SKEW_MS)) return false;
    if (!equal(headers['x-amz-security-token'] ?? '', credentials.sessionToken)) return false;
    // A signer takes this header's word for the body's hash.
    const hash = headers['x-amz-content-sha256'];
    if (hash !== undefined && !equal(hash, createHash('sha256').update(body).digest('hex'))) return false;
    const signedHeaders = names.split(';');
    if (!ALWAYS_SIGNED.every((name) => signedHeaders.includes(name))) return false;
    const [pathname = '/', query = ''] = path.split('?');
    const request = {
      method,
      protocol: 'https:',
      hostname: headers['host'] ?? '',
      path: pathname,
      query: queryOf(query),
      headers: Object.fromEntries(signedHeaders.map((name) => [name, headers[name] ?? ''])),
      body,
    };
    const again = await this.signer.sign(request, {
      signingDate: new Date(signedAt),
      signableHeaders: new Set(signedHeaders),
    });
    return equal(signature, /Signature=(.+)$/.exec(again.headers['authorization'] ?? '')?.[1] ?? '');
  }
}

function queryOf(text: string): Record<string, string[]> {
  const parameters = new URLSearchParams(text);
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}

/** In a time that tells nothing of where they differ. */
function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

type Data = string | ArrayBuffer | ArrayBufferView;

function bytesOf(data: Data): string | Uint8Array {
  if (typeof data === 'string') return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** SHA-256 as the signer wants it: with a secret, an HMAC. */
export class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: Data) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(chunk: Data): void {
    this.hash.update(bytesOf(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}
