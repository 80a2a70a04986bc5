import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { IUserPool, IUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { refuse } from '../validation/refuse';
import { AuthorizedHttpApi, type AuthorizedHttpApiProps } from './authorized-http-api';

/** Props of {@link JwtHttpApi}. */
export interface JwtHttpApiProps extends AuthorizedHttpApiProps {
  readonly userPool: IUserPool;
  /** Clients whose tokens are taken. Not empty. */
  readonly userPoolClients: readonly IUserPoolClient[];
}

/** An HTTP API for users of a user pool: API Gateway checks the token of every request. */
export class JwtHttpApi extends AuthorizedHttpApi {
  /** @throws RefusedValueError for an origin that is not one, or no client. */
  constructor(scope: Construct, id: string, props: JwtHttpApiProps) {
    super(scope, id, props, {
      authorizer: new HttpUserPoolAuthorizer('Jwt', props.userPool, { userPoolClients: [...props.userPoolClients] }),
      headers: [],
      // It tells whose the token was without storing more of it.
      logged: { sub: '$context.authorizer.claims.sub' },
      handles: ['cognito-native-jwt-authorizer'],
    });
    if (props.userPoolClients.length > 0) return;
    refuse(this, {
      prop: 'userPoolClients',
      value: '[]',
      allowed: 'at least one client',
      fix: 'pass the client that your users sign in with',
      catalogueId: 'cognito-native-jwt-authorizer',
    });
  }
}
