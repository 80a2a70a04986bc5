import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, type StageName, stages } from '../../../lib';
import { allPacks } from '../../../lib/checks/all-packs';
import { ManagedLogin, type ManagedLoginProps } from '../../../lib/security/managed-login';
import { UserDirectory } from '../../../lib/security/user-directory';
import { CALLBACK_PATH, LOGIN_SCOPES } from '../../../patterns/web-app/contract';
import { deployedName } from '../../fixtures/deployed-name';
import { resourcesOf, testApp, validationReport } from '../../synthesize';

/** The pool in one stack; the site, whose URL only its deployment knows, in another. */
function fixture(app: App, options: Partial<ManagedLoginProps> = {}, stackId = 'Data') {
  const data = new Stack(app, stackId);
  const stage = stages.prod;
  const { userPool } = new UserDirectory(data, 'People', {
    stage,
    email: { from: 'accounts@example.com' },
    client: false,
  });
  const login = new ManagedLogin(data, 'Login', { userPool, ...options });
  const site = new Stack(app, `${stackId}Site`);
  const distribution = new Distribution(site, 'Distribution', {
    defaultBehavior: { origin: new HttpOrigin('example.com') },
  });
  const address = `https://${distribution.distributionDomainName}`;
  const client = login.addLoginClient(site, 'Client', {
    callbackUrls: [`${address}${CALLBACK_PATH}`],
    logoutUrls: [`${address}/`],
  });
  return { data, site, login, client, userPool };
}

function prefixOf(stack: Stack): string {
  const [domain] = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::Cognito::UserPoolDomain'));
  const prefix = domain?.Properties['Domain'];
  // The account and the stack are in it.
  expect(JSON.stringify(prefix)).toContain('{"Ref":"AWS::AccountId"}');
  expect(JSON.stringify(prefix)).toContain('{"Ref":"AWS::StackId"}');
  return deployedName(prefix);
}

describe('managed login', () => {
  it('is the newer one, at a name that the account and the stack alone have', () => {
    const { data } = fixture(testApp());
    Template.fromStack(data).hasResourceProperties('AWS::Cognito::UserPoolDomain', { ManagedLoginVersion: 2 });
    expect(prefixOf(data)).toMatch(/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/);
    const app = testApp();
    const [one, two] = [fixture(app, {}, 'One').data, fixture(app, {}, 'Two').data];
    expect(prefixOf(one)).not.toBe(prefixOf(two));
  });

  it.each(['AmazonAWSCognitoLaws', `Of${'Very'.repeat(20)}LongNames`])(
    'never takes a word into its name that Cognito refuses, nor more than 63 characters: %s',
    (stackId) => {
      const prefix = prefixOf(fixture(testApp(), {}, stackId).data);
      expect(prefix).toMatch(/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/);
      expect(prefix).not.toMatch(/aws|amazon|cognito/);
    },
  );

  it('gives a site a public client for codes alone, in the stack of the site', () => {
    const { data, site } = fixture(testApp());
    const template = Template.fromStack(site);
    const [client] = Object.values(resourcesOf(template, 'AWS::Cognito::UserPoolClient'));
    expect(client?.Properties).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: [...LOGIN_SCOPES],
      SupportedIdentityProviders: ['COGNITO'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      AccessTokenValidity: 60,
      IdTokenValidity: 60,
      RefreshTokenValidity: 43_200,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 60 },
      CallbackURLs: [{ 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': expect.anything() }, CALLBACK_PATH]] }],
    });
    // Cognito refuses rotation beside the flow that refreshes without it.
    expect(client?.Properties['ExplicitAuthFlows']).toEqual(['ALLOW_USER_SRP_AUTH']);
    expect(Template.fromStack(data).findResources('AWS::Cognito::UserPoolClient')).toEqual({});
  });

  it('has a style for the client, without which its pages do not open', () => {
    const { site, client } = fixture(testApp());
    Template.fromStack(site).hasResourceProperties('AWS::Cognito::ManagedLoginBranding', {
      ClientId: site.resolve(client.userPoolClientId),
      UseCognitoProvidedValues: true,
    });
  });

  it('makes no cycle: the stack of the pool knows nothing of the site', () => {
    const { data, site } = fixture(testApp());
    const text = (stack: Stack) => JSON.stringify(Template.fromStack(stack).toJSON());
    expect(text(site)).toContain('"Fn::GetStackOutput":{"StackName":"Data"');
    expect(text(data)).not.toContain('Fn::GetStackOutput');
  });

  it('says its URL to whoever asks, in another stack, too', () => {
    const { login, data } = fixture(testApp());
    expect(JSON.stringify(data.resolve(login.url))).toMatch(
      /"https:\/\/",\{"Ref":"LoginDomain\w+"\},"\.auth\.",\{"Ref":"AWS::Region"\},"\.amazoncognito\.com"/,
    );
  });

  it('works with a pool of yours', () => {
    const stack = new Stack(testApp(), 'Mine');
    const userPool = UserPool.fromUserPoolId(stack, 'Yours', 'eu-west-1_abc');
    const login = new ManagedLogin(stack, 'Login', { userPool, domainPrefix: 'my-shop' });
    const urls = { callbackUrls: ['http://localhost:5173/signed-in'], logoutUrls: ['https://shop.example.com'] };
    login.addLoginClient(stack, 'One', urls);
    login.addLoginClient(stack, 'Two', urls);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { UserPoolId: 'eu-west-1_abc', Domain: 'my-shop' });
    template.resourceCountIs('AWS::Cognito::UserPoolClient', 2);
  });
});

describe('what managed login refuses', () => {
  it.each(['my-aws-app', 'Shop', 'shop_1', '-shop', 'shop-', 'cognitive-cognito', 'x'.repeat(64), ''])(
    'the prefix %j',
    (domainPrefix) => {
      expect(() => fixture(testApp(), { domainPrefix })).toThrow(/Data\/Login: domainPrefix is '.*'; allowed: 1 to 63/);
    },
  );

  it.each([
    ['callbackUrls', [], "'empty'"],
    ['callbackUrls', ['http://shop.example.com/signed-in'], "'http://shop.example.com/signed-in'"],
    ['callbackUrls', ['http://localhost.example.com/'], "'http://localhost.example.com/'"],
    ['callbackUrls', ['https://shop.example.com/#signed-in'], "'https://shop.example.com/#signed-in'"],
    ['logoutUrls', ['https://shop.example.com', 'shop'], "'shop'"],
  ])('as %s %j', (prop, urls, shown) => {
    const { login, site } = fixture(testApp());
    const good = ['https://shop.example.com/'];
    const make = () => login.addLoginClient(site, 'Bad', { callbackUrls: good, logoutUrls: good, [prop]: urls });
    expect(make).toThrow(`DataSite/Bad: ${prop} is ${shown}; allowed: URLs that begin with https://`);
  });
});

/** With SES where the address is known, and in prod with the one that is asked for. */
function buildAll(app: App, stage: StageName): void {
  const stack = new Stack(app, 'Mine');
  const email = stage === 'prod' ? {} : { from: 'accounts@example.com' };
  for (const id of ['One', 'Two']) {
    const { userPool } = new UserDirectory(stack, `${id}People`, { stage: stages[stage], email, client: false });
    const urls = { callbackUrls: ['https://a.example'], logoutUrls: ['https://a.example'] };
    new ManagedLogin(stack, `${id}Login`, { userPool }).addLoginClient(stack, `${id}Client`, urls);
  }
}

describe('managed login, judged by every pack', () => {
  it.each(STAGE_NAMES)('has nothing unacknowledged in %s', (stage) => {
    const { violations } = validationReport(
      (app) => buildAll(app, stage),
      (app) => allPacks(app, { strict: stage !== 'dev' }),
    );
    expect(violations.map(({ ruleName, violatingConstructs }) => [ruleName, violatingConstructs])).toEqual([]);
  });

  it("has neither an error nor a warning of CDK's own validator", () => {
    const before = process.env['CDK_VALIDATION'];
    delete process.env['CDK_VALIDATION'];
    try {
      const { violations } = validationReport(
        (app) => buildAll(app, 'prod'),
        () => [],
        { validator: true },
      );
      expect(violations).toEqual([]);
    } finally {
      process.env['CDK_VALIDATION'] = before;
    }
  });
});
