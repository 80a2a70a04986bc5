import type { LocalEngine } from '../engine/local-engine';

/** Someone whom a pattern's API lets in. */
export interface LocalCaller {
  /** What to do before, as a person reads it. */
  readonly preparation: string;
  /** What each `curl` needs besides. */
  readonly flags: string;
}

const TEST_USER = 'test-user';

/** Whom the API of a pattern lets in; undefined without an API. */
export function localCaller(engine: LocalEngine): LocalCaller | undefined {
  const types = ['AWS::ApiGatewayV2::Route', 'AWS::ApiGateway::Method']
    .flatMap((type) => engine.template.ofType(type))
    .map(({ properties }) => properties['AuthorizationType'] ?? 'NONE');
  if (types.includes('JWT') || types.includes('COGNITO_USER_POOLS')) {
    const token = engine.signedIn(TEST_USER).authorization.replace('Bearer ', '');
    return {
      preparation: `A token of the user "${TEST_USER}", good for an hour:\n\nexport TOKEN='${token}'`,
      flags: '-H "authorization: Bearer $TOKEN"',
    };
  }
  if (types.includes('AWS_IAM')) {
    const { accessKeyId, secretAccessKey, sessionToken } = engine.role.credentials;
    const variables = { KEY: `${accessKeyId}:${secretAccessKey}`, SESSION: sessionToken };
    const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
    return {
      preparation: `Credentials of a role, for requests that it signs:\n\n${exports.join('\n')}`,
      flags: `--aws-sigv4 aws:amz:${engine.deployment.region}:execute-api --user "$KEY" -H "x-amz-security-token: $SESSION"`,
    };
  }
  return types.length === 0 ? undefined : { preparation: 'It requires no authorization.', flags: '' };
}
