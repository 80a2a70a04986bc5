import type { ResolvedTemplate } from '../assembly/resolved-template';
import type { ApiAnswer } from './api-integrations';
import { type ApiContext, type ApiRequest, LocalHttpApi } from './http-api';
import { LocalRestApi } from './rest-api';
import type { StreamedAnswer } from './streamed-answer';

/** The API of a template, of either kind. */
export interface LocalApi {
  /** The path under which it listens, without a slash at the end; what it is asked for here begins after it. */
  readonly basePath: string;
  /** What it answers to, for example `POST /orders`. */
  routeKeys(): readonly string[];
  /** An answer once it is whole. @throws BrokenAnswer for one that never is */
  request(request: ApiRequest): Promise<ApiAnswer>;
  /** An answer as it is sent. */
  stream(request: ApiRequest): Promise<StreamedAnswer>;
}

/** The API of a template; a template has one, or none. */
export function apiOf(template: ResolvedTemplate, context: ApiContext): LocalApi {
  return template.ofType('AWS::ApiGateway::RestApi').length > 0
    ? new LocalRestApi(template, context)
    : new LocalHttpApi(template, context);
}
