import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName, stages } from '../../../lib';
import { LoginClient } from '../../../lib/security/login-client';
import { UserDirectory } from '../../../lib/security/user-directory';
import { resourcesOf, testApp } from '../../synthesize';

const ADMIN = 'ALLOW_ADMIN_USER_PASSWORD_AUTH';
const URLS = { callbackUrls: ['https://app.example.com/signed-in'], logoutUrls: ['https://app.example.com/'] };

/** Flows of the one client of a stack. */
function flowsOf(stack: Stack): unknown {
  const clients = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::Cognito::UserPoolClient'));
  expect(clients).toHaveLength(1);
  return clients[0]?.Properties['ExplicitAuthFlows'];
}

describe('sign-in by an administrator, with IAM', () => {
  const site = (stage?: StageName) => {
    const stack = new Stack(testApp(), 'Site');
    const userPool = UserPool.fromUserPoolId(stack, 'Pool', 'eu-west-1_abc');
    new LoginClient(stack, 'Login', { userPool, ...URLS, ...(stage !== undefined && { stage: stages[stage] }) });
    return flowsOf(stack);
  };
  const api = (stage: StageName) => {
    const stack = new Stack(testApp(), 'Api');
    new UserDirectory(stack, 'Users', { stage: stages[stage] });
    return flowsOf(stack);
  };

  it('is taken by the client of a site in dev alone, and only where the stage is named', () => {
    expect(STAGE_NAMES.map(site)).toEqual([
      [ADMIN, 'ALLOW_USER_SRP_AUTH'],
      ['ALLOW_USER_SRP_AUTH'],
      ['ALLOW_USER_SRP_AUTH'],
    ]);
    expect(site()).toEqual(['ALLOW_USER_SRP_AUTH']);
  });

  it('is taken by the client of an API in dev alone', () => {
    const others = ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];
    expect(STAGE_NAMES.map(api)).toEqual([[ADMIN, ...others], others, others]);
  });
});
