import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { AwsError } from '../../aws/service';
import { StateError } from './state-error';

/** What expressions see: `$states`, variables, and the clock. */
export interface Scope {
  readonly states: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly now: () => number;
}

type Expression = ReturnType<typeof jsonata>;

const PARSED = new Map<string, Expression>();

/** Functions of JSONata that Step Functions does not have (docs.aws.amazon.com/step-functions: transforming-data). */
const NOT_AT_AWS = ['eval'];
/** Functions that Step Functions adds to JSONata, and that are not known here. */
const NOT_HERE = ['partition', 'range', 'parse', 'uuid', 'random'];

/** Algorithms of `$hash`. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/**
 * Checks the expressions of a state, as CreateStateMachine does.
 *
 * @throws AwsError `InvalidDefinition` for one that is no JSONata, or calls what Step Functions does not have
 * @throws Error for a function that is not known here
 */
export function checkExpressions(where: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) checkExpressions(where, child);
    return;
  }
  const source = sourceOf(value);
  if (source === undefined) return;
  const called = (names: readonly string[]) => names.find((name) => new RegExp(`\\$${name}\\s*\\(`).test(source));
  const [refused, unknown] = [called(NOT_AT_AWS), called(NOT_HERE)];
  if (refused !== undefined) throw new AwsError('InvalidDefinition', `${where}: Step Functions has no $${refused}`);
  if (unknown !== undefined) throw new Error(`${where} calls $${unknown}, not known here`);
  if (/\$now\s*\(\s*[^\s)]/.test(source)) throw new Error(`${where} calls $now with a picture, not known here`);
  try {
    parsed(source);
  } catch (error) {
    throw new AwsError('InvalidDefinition', `${where}: ${source}: ${(error as Error).message}`);
  }
}

/**
 * Evaluates `{% %}` expressions wherever they stand in a value.
 *
 * @throws StateError `States.QueryEvaluationError` for an expression that fails or gives nothing
 */
export async function evaluate(value: unknown, scope: Scope): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((member) => evaluate(member, scope)));
  if (typeof value === 'object' && value !== null) {
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, child]) => [key, await evaluate(child, scope)] as const),
    );
    return Object.fromEntries(entries);
  }
  const source = sourceOf(value);
  return source === undefined ? value : evaluated(source, scope);
}

async function evaluated(source: string, { states, variables, now }: Scope): Promise<unknown> {
  const failed = (why: string) => new StateError('States.QueryEvaluationError', `The expression ${source} ${why}`);
  // One evaluation has one time (JSONata: $now and $millis).
  const at = now();
  const bindings = {
    ...variables,
    states,
    now: () => new Date(at).toISOString(),
    millis: () => at,
  };
  let result: unknown;
  try {
    result = await parsed(source).evaluate({}, bindings);
  } catch (error) {
    throw failed(`fails: ${(error as Error).message}`);
  }
  if (result === undefined) throw failed('gives nothing');
  if (typeof result === 'function') throw failed('gives a function');
  return result;
}

function sourceOf(value: unknown): string | undefined {
  return typeof value === 'string' ? /^\{%(.*)%\}$/s.exec(value)?.[1] : undefined;
}

function parsed(source: string): Expression {
  const known = PARSED.get(source);
  if (known !== undefined) return known;
  const expression = jsonata(source);
  expression.registerFunction('hash', hash);
  PARSED.set(source, expression);
  return expression;
}

/** Step Functions' own addition to JSONata. */
function hash(text: string, algorithm: string): string {
  const name = ALGORITHMS[algorithm];
  if (name === undefined) throw new Error(`$hash has no algorithm ${algorithm}`);
  return createHash(name).update(text).digest('hex');
}
