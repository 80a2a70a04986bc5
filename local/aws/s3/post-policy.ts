import { refused } from '../../limits/limit';
import { S3_LIMITS } from '../../limits/s3';
import { AwsError } from '../service';
import type { PostedForm } from './form-data';
import { requireSignature, scopeOf, signatureOf } from './signing-key';

type Condition = Readonly<Record<string, string>> | readonly [string, string | number, string | number];

interface Policy {
  readonly expiration?: string;
  readonly conditions?: readonly Condition[];
}

const LIMITS = S3_LIMITS.rows;
/** Fields that a policy need not name (docs.aws.amazon.com/AmazonS3: sigv4-HTTPPOSTConstructPolicy). */
const UNNAMED: ReadonlySet<string> = new Set(['x-amz-signature', 'file', 'policy']);
const IGNORED_PREFIX = 'x-ignore-';

/**
 * Checks a form against the policy that it carries: who signed it, until when it holds, and every condition. Each field must
 * be in the policy (docs.aws.amazon.com/AmazonS3: sigv4-HTTPPOSTConstructPolicy, sigv4-authentication-HTTPPOST).
 *
 * @returns the access key that signed it
 * @throws AwsError as S3 does
 */
export function checkPostPolicy(bucket: string, { fields, file }: PostedForm, secret: string, now: number): string {
  const field = (name: string) => fields.get(name) ?? '';
  if (!fields.has('key')) {
    throw refused(LIMITS.file, "Bucket POST must contain a field named 'key'.");
  }
  const encoded = field('policy');
  if (encoded === '') throw new AwsError('AccessDenied', 'Access Denied', 403);
  if (field('x-amz-algorithm') !== 'AWS4-HMAC-SHA256') {
    throw new AwsError('InvalidArgument', 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const scope = scopeOf(field('x-amz-credential'), field('x-amz-date'));
  requireSignature(field('x-amz-signature'), signatureOf(secret, scope, encoded));
  const { expiration = '', conditions } = policyOf(encoded);
  // A time that is none is over.
  if (!(now < Date.parse(expiration))) throw invalid('Policy expired.');
  if (conditions === undefined) throw invalidDocument();
  if ((fields.get('bucket') ?? bucket) !== bucket) throw conditionFailed('eq', '$bucket', bucket);
  const values = new Map([...fields, ['bucket', bucket]]);
  const named = new Set<string>();
  for (const condition of conditions) {
    const [operator, target, wanted] = asTriple(condition);
    if (operator === 'content-length-range') {
      checkLength(file.content.length, Number(target), Number(wanted));
      continue;
    }
    const name = String(target).replace(/^\$/, '').toLowerCase();
    named.add(name);
    const value = values.get(name) ?? '';
    const holds = operator === 'eq' ? value === String(wanted) : value.startsWith(String(wanted));
    if (!holds) throw conditionFailed(operator, target, wanted);
  }
  const extra = [...fields.keys()].filter(
    (name) => !named.has(name) && !UNNAMED.has(name) && !name.startsWith(IGNORED_PREFIX),
  );
  if (extra.length > 0) throw invalid(`Extra input fields: ${extra.join(', ')}`);
  return scope.accessKeyId;
}

function policyOf(encoded: string): Policy {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Policy;
  } catch {
    throw invalidDocument();
  }
}

function asTriple(condition: Condition): readonly [operator: string, target: string | number, wanted: string | number] {
  if (!Array.isArray(condition)) {
    const [[name, value] = ['', '']] = Object.entries(condition as Readonly<Record<string, string>>);
    return ['eq', `$${name}`, value];
  }
  const [operator, target, wanted] = condition as [string, string | number, string | number];
  const known = ['eq', 'starts-with', 'content-length-range'].find((each) => each === String(operator).toLowerCase());
  if (known === undefined) throw invalidDocument();
  return [known, target, wanted];
}

function checkLength(length: number, least: number, most: number): void {
  if (length > most) {
    throw new AwsError(LIMITS.fileTooLarge.error, 'Your proposed upload exceeds the maximum allowed size', 400, {
      ProposedSize: length,
      MaxSizeAllowed: most,
    });
  }
  if (length < least) {
    throw new AwsError(
      LIMITS.fileTooSmall.error,
      'Your proposed upload is smaller than the minimum allowed size',
      400,
      {
        ProposedSize: length,
        MinSizeAllowed: least,
      },
    );
  }
}

function conditionFailed(...condition: readonly (string | number)[]): AwsError {
  return invalid(`Policy Condition failed: ${JSON.stringify(condition.map(String))}`);
}

function invalid(why: string): AwsError {
  return new AwsError(LIMITS.policyCondition.error, `Invalid according to Policy: ${why}`, 403);
}

function invalidDocument(): AwsError {
  return refused(LIMITS.policyDocument, 'Invalid Policy: Invalid JSON or an unknown condition.');
}
