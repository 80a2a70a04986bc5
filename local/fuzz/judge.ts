import type { ApiAnswer } from '../engine/api-integrations';
import type { LocalEngine } from '../engine/local-engine';
import { type FuzzRequest, parsed, writtenText } from './request';
import type { Actor, Session } from './session';
import { type DocumentedRoute, routeOf } from './target';

/** An answer, and all that it has to be held against. */
export interface Exchange {
  readonly session: Session;
  readonly actor: Actor;
  readonly request: FuzzRequest;
  readonly answer: ApiAnswer;
  /** Statuses of the valid request. @default - the request is not valid, or not surely */
  readonly expected?: readonly number[];
  readonly isForged: boolean;
}

/** What an API front says by itself of a request that comes to no route, or that it cannot read. */
const REFUSALS = [400, 401, 403, 404, 405, 413, 414, 415, 431];

/** What no client is to read: places in code, statements, and names that errors have inside. */
const INTERNALS =
  /\bat [\w.<>]+ \(|node_modules|\/var\/task|\.[cm]?[jt]s:\d+|\bSELECT \w|\bINSERT INTO|ExpressionAttribute|\b[A-Z]\w*(?:Exception|Error)\b|\bECONN|\[object \w+\]|\bundefined\b/;

/** Codes that are said of one part of a request, which they have to name. */
const OF_A_FIELD = /^(?:invalid_|idempotency_key|body_too_large|unsupported_media_type|precondition|version_)/;

/** Holds answers against what an API promises, whatever it was asked. */
export class Judge {
  /** Names that AWS gave to what the stack is made of. */
  private readonly physicalNames: readonly string[];

  constructor(
    { template }: Pick<LocalEngine, 'template'>,
    private readonly routes: readonly DocumentedRoute[],
  ) {
    const types = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::Lambda::Function', 'AWS::Kinesis::Stream'];
    this.physicalNames = types.flatMap((type) => template.ofType(type).map(({ name }) => name));
  }

  /** @returns what is wrong with an answer */
  faults(exchange: Exchange): readonly string[] {
    const { answer, request, expected, isForged } = exchange;
    const { statusCode: status } = answer;
    const route = routeOf(this.routes, request);
    // Whether a front takes a method in small letters, or dots in a path, is its own affair.
    const isExact = route?.method === request.method && route.path.test(request.path);
    const refusals = [...(route?.statuses ?? []), ...(isExact ? [] : REFUSALS)];
    const faults: string[] = [];
    if (status >= 500) faults.push(`answers ${status}: ${excerpt(answer.body)}`);
    else if (expected !== undefined && !expected.includes(status))
      faults.push(`answers ${status} to a valid request, not ${expected.join(' or ')}: ${excerpt(answer.body)}`);
    else if (status >= 400 ? !refusals.includes(status) && !isFront(answer) : route === undefined)
      faults.push(`answers ${status}, which is not documented here: ${excerpt(answer.body)}`);
    else if (status < 400 && route?.statuses.includes(status) === false)
      faults.push(`answers ${status}, which is not documented here`);
    if (isForged && status < 400 && route?.isPublic !== true)
      faults.push(`serves a request whose token must be refused: ${status}`);
    if (status >= 400 && status < 500 && request.method !== 'HEAD') faults.push(...problemFaults(answer));
    return [...faults, ...this.leaks(exchange)];
  }

  /** What an answer says that its reader is not to know. */
  private leaks({ session, actor, request, answer, isForged }: Exchange): string[] {
    const { statusCode, headers = {}, body = '' } = answer;
    const said = `${Object.values(headers).join('\n')}\n${body}`;
    const written = writtenText(request);
    const isNew = (text: string) => said.includes(text) && !written.includes(text);
    const secrets = session.secretsFrom(isForged ? undefined : actor).filter(isNew);
    const found = secrets.map((secret) => `tells ${isForged ? 'anyone' : actor.name} what is another's: ${secret}`);
    if (statusCode < 400) return found;
    const internals = [INTERNALS.exec(body)?.[0] ?? '', ...this.physicalNames.filter((name) => body.includes(name))];
    for (const name of internals) {
      if (name !== '' && !written.includes(name)) found.push(`says "${name}" to a client: ${excerpt(body)}`);
    }
    return found;
  }
}

/** What is wrong with the form of a refusal: problem+json, or API Gateway's own words. */
function problemFaults(answer: ApiAnswer): string[] {
  const { statusCode, body = '' } = answer;
  if (isFront(answer)) return [];
  const problem = parsed(body);
  if (typeOf(answer) !== 'application/problem+json' || problem === undefined)
    return [`refuses with ${statusCode} and no problem+json: ${excerpt(body)}`];
  const { status, code, detail, field } = problem;
  if (status !== undefined && status !== null && status !== statusCode)
    return [`says ${String(status)} in a ${statusCode}`];
  if (typeof code !== 'string' || !/^[a-z][a-z0-9_]*$/.test(code)) return [`has no code: ${excerpt(body)}`];
  if (typeof detail !== 'string' || detail === '') return [`does not say what is wrong: ${excerpt(body)}`];
  if (OF_A_FIELD.test(code) && (typeof field !== 'string' || field === ''))
    return [`does not name the field at fault: ${excerpt(body)}`];
  return [];
}

/** Whether API Gateway itself refused (AWS: HTTP API; of a REST API the template says problem+json). */
function isFront(answer: ApiAnswer): boolean {
  const { statusCode, body = '' } = answer;
  const said = parsed(body);
  const isMessage = said !== undefined && Object.keys(said).join() === 'message' && typeof said['message'] === 'string';
  return isMessage && REFUSALS.includes(statusCode) && typeOf(answer) === 'application/json';
}

function typeOf({ headers = {} }: ApiAnswer): string | undefined {
  const [, type] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  return type?.split(';')[0]?.trim().toLowerCase();
}

export function excerpt(text = ''): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
