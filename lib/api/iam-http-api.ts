import { Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { refuse } from '../validation/refuse';
import { AuthorizedHttpApi, type AuthorizedHttpApiProps } from './authorized-http-api';

/**
 * An HTTP API for roles of AWS: API Gateway checks the signature (Signature Version 4) of every request, and by the caller's
 * policies whether it may call the route.
 */
export class IamHttpApi extends AuthorizedHttpApi {
  /** @throws RefusedValueError for an origin that is not one. */
  constructor(scope: Construct, id: string, props: AuthorizedHttpApiProps) {
    super(scope, id, props, {
      authorizer: new HttpIamAuthorizer(),
      // What a browser with temporary credentials signs with, of an identity pool for example.
      headers: ['x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'],
      // The role and its session; HTTP APIs have no variable for the access key, and none is wanted in a log.
      logged: { userArn: '$context.identity.userArn' },
      handles: [],
    });
  }

  /**
   * Lets a principal call one route. CDK's `HttpRoute.grantInvoke` names every stage (`*`); this names the API's own.
   *
   * @throws RefusedValueError for a route that is not there, or a role of another account: HTTP APIs have no resource
   * policies, so that nothing could let it in (AWS: http-api-access-control-iam)
   */
  grantInvoke(grantee: IGrantable, method: HttpMethod, path: string): Grant {
    const routeKey = `${method} ${path}`;
    if (!this.routeKeys.has(routeKey)) {
      refuse(this, {
        prop: 'route',
        value: routeKey,
        allowed: [...this.routeKeys].join(', '),
        fix: 'add the route before you grant it',
      });
    }
    const { principalAccount } = grantee.grantPrincipal;
    const { account } = Stack.of(this);
    if (
      principalAccount !== undefined &&
      Token.compareStrings(principalAccount, account) === TokenComparison.DIFFERENT
    ) {
      refuse(this, {
        prop: "the grantee's account",
        value: principalAccount,
        allowed: account,
        fix: 'let it assume a role of this account, and grant to that role',
      });
    }
    // IAM has wildcards where a route has variables.
    const resource = this.api.arnForExecuteApi(method, path.replace(/\{[^}]+\}/g, '*'), this.httpStage.stageName);
    return Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns: [resource] });
  }
}
