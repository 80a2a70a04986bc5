import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { DataKey, IamHttpApi, stages } from '../../../lib';
import { testApp } from '../../synthesize';

function fixture() {
  const stack = new Stack(testApp(), 'Mine');
  const { key: encryptionKey } = new DataKey(stack, 'Key', { stage: stages.dev, description: 'Logs' });
  const api = new IamHttpApi(stack, 'Api', { stage: stages.dev, encryptionKey });
  const handler = new LambdaFunction(stack, 'Orders', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
  });
  api.route(HttpMethod.GET, '/orders/{id}', handler);
  const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  return { stack, api, role };
}

describe('an API for roles', () => {
  it('grants a route with variables for each value of them', () => {
    const { stack, api, role } = fixture();
    api.grantInvoke(role, HttpMethod.GET, '/orders/{id}');
    const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const [only, ...more] = policies.filter(([logicalId]) => logicalId.startsWith('Caller'));
    expect(more).toEqual([]);
    expect(JSON.stringify(only)).toContain('"Action":"execute-api:Invoke"');
    expect(JSON.stringify(only)).toContain('/$default/GET/orders/*"');
  });

  it('grants no route that is not there', () => {
    const { api, role } = fixture();
    expect(() => api.grantInvoke(role, HttpMethod.POST, '/orders')).toThrow(
      "Mine/Api: route is 'POST /orders'; allowed: GET /orders/{id}. Fix: add the route before you grant it",
    );
  });
});
