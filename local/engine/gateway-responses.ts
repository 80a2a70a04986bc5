import type { ResolvedTemplate } from '../assembly/resolved-template';
import { REST_API_LIMITS } from '../limits/api-gateway';
import type { Limit } from '../limits/limit';
import { type ApiAnswer, statusOf } from './api-answer';

const LIMITS = REST_API_LIMITS.rows;
const of = (limit: Limit) => {
  const { status, text } = statusOf(limit);
  return [status, text] as const;
};

/** What a REST API answers by itself: status and text unless the template says otherwise (AWS: gateway response types). */
const DEFAULTS = {
  ACCESS_DENIED: [403, 'Forbidden'],
  BAD_REQUEST_PARAMETERS: of(LIMITS.path),
  INTEGRATION_FAILURE: of(LIMITS.answer),
  INTEGRATION_TIMEOUT: of(LIMITS.time),
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  REQUEST_TOO_LARGE: of(LIMITS.payload),
  THROTTLED: of(LIMITS.throttle),
  UNAUTHORIZED: [401, 'Unauthorized'],
} as const;
/** Why it answers by itself. */
export type GatewayResponseType = keyof typeof DEFAULTS;

interface Settings {
  readonly ResponseType?: string;
  readonly StatusCode?: string;
  readonly ResponseParameters?: Readonly<Record<string, string>>;
  readonly ResponseTemplates?: Readonly<Record<string, string>>;
}

const HEADER = 'gatewayresponse.header.';

/** The gateway responses of a REST API (docs.aws.amazon.com/apigateway: api-gateway-gatewayResponse-definition). */
export class GatewayResponses {
  private readonly byType: ReadonlyMap<string, Settings>;

  constructor(template: ResolvedTemplate) {
    const all = template.ofType('AWS::ApiGateway::GatewayResponse').map(({ properties }) => properties as Settings);
    this.byType = new Map(all.map((settings) => [String(settings.ResponseType), settings]));
  }

  answer(type: GatewayResponseType, requestId: string): ApiAnswer {
    const [status, text] = DEFAULTS[type];
    const {
      StatusCode,
      ResponseParameters = {},
      ResponseTemplates,
    } = this.byType.get(type) ?? this.byType.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX') ?? {};
    const said = Object.entries(ResponseParameters)
      .filter(([name]) => name.startsWith(HEADER))
      .map(([name, value]) => [name.slice(HEADER.length).toLowerCase(), literal(value)] as const);
    const body = ResponseTemplates?.['application/json'] ?? '{"message":$context.error.messageString}';
    return {
      statusCode: Number(StatusCode ?? status),
      headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...Object.fromEntries(said) },
      // Templates of gateway responses know variables and nothing else of VTL.
      body: body.replace(/\$context\.([A-Za-z.]+)/g, (variable, name: string) => {
        const values: Record<string, string> = {
          'error.message': text,
          'error.messageString': JSON.stringify(text),
          'error.responseType': type,
          requestId,
        };
        const value = values[name];
        if (value === undefined) throw new Error(`The variable ${variable} of a gateway response is not known here`);
        return value;
      }),
    };
  }
}

function literal(value: string): string {
  const text = /^'(.*)'$/.exec(value)?.[1];
  if (text === undefined) throw new Error(`The parameter ${value} of a gateway response is not known here`);
  return text;
}
