import { SignatureV4 } from '@smithy/signature-v4';
import { type LocalCredentials, Sha256 } from '../../../local/aws/local-role';
import type { ApiRequest } from '../../../local/engine/http-api';
import type { LocalEngine } from '../../../local/engine/local-engine';

/** How to sign, where it differs from what is right. */
export interface Signing {
  readonly credentials?: LocalCredentials | Omit<LocalCredentials, 'sessionToken'>;
  readonly region?: string;
  readonly service?: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
  /** Headers that are left out of the signature. */
  readonly unsigned?: readonly string[];
}

/** The API's host name. */
function hostOf(engine: LocalEngine): string {
  return new URL(engine.find('AWS::ApiGatewayV2::Api', '').attributes['ApiEndpoint'] ?? '').host;
}

/** Signs a request as a client with the role's credentials does. */
export async function signedRequest(
  engine: LocalEngine,
  request: ApiRequest,
  { credentials = engine.role.credentials, region = engine.deployment.region, ...signing }: Signing = {},
): Promise<ApiRequest> {
  const { service = 'execute-api', at = engine.clock.now(), unsigned = [] } = signing;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const { pathname, searchParams } = new URL(request.path, 'http://localhost');
  const { headers } = await signer.sign(
    {
      method: request.method,
      protocol: 'https:',
      hostname: hostOf(engine),
      path: pathname,
      query: Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)])),
      headers: { host: hostOf(engine), 'content-type': 'application/json', ...request.headers },
      body: request.body,
    },
    { signingDate: new Date(at), unsignableHeaders: new Set(unsigned) },
  );
  return { ...request, headers };
}
