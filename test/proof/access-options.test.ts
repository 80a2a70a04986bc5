import { type App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Mfa, UserPool } from 'aws-cdk-lib/aws-cognito';
import { describe, expect, it } from 'vitest';
import { LoginProvider } from '../../lib';
import { allPacks } from '../../lib/checks/all-packs';
import {
  dataPipelineStack,
  eventDrivenStack,
  genAiRagStack,
  MAIL_FROM,
  resourcesOf,
  type TemplateResource,
  testApp,
  validationReport,
  webApp,
  webAppStacks,
} from '../synthesize';

const DOMAINS = ['example.com', 'example.org'];
const SIGN_UP = { selfSignUp: true, allowedEmailDomains: DOMAINS, mfa: Mfa.REQUIRED };

/** Who else signs users in, where there is managed login. */
const SSO = {
  identityProviders: [LoginProvider.saml({ name: 'Corp', metadataUrl: 'https://login.example.com/metadata.xml' })],
};
/** Where requests may come from. */
const LISTS = {
  allowedAddresses: ['203.0.113.0/24', '2001:db8::/32'],
  blockedAddresses: ['203.0.113.7/32'],
  allowedCountries: ['DE', 'AT'],
};
const BUDGETS = {
  answers: { bounds: { tenantDailyTokens: 1_000_000, stackDailyTokens: 5_000_000 } },
  monthlyBudget: { usd: 200 },
};

/** Each pattern with its options of who may come in, in prod; and the stack that has its users. */
const BUILDS: Readonly<Record<string, (app: App) => Stack>> = {
  'event-driven': (app) => eventDrivenStack(app, 'prod', { ...SIGN_UP, edge: LISTS, env: { region: 'us-east-1' } }),
  'data-pipeline': (app) => dataPipelineStack(app, 'prod', { api: SIGN_UP }),
  'web-app': (app) =>
    Stack.of(webApp(app, 'prod', { site: LISTS, login: { mailFrom: MAIL_FROM, ...SIGN_UP, ...SSO } })),
  'web-app in stacks': (app) =>
    Stack.of(webAppStacks(app, 'prod', { site: LISTS, login: { mailFrom: MAIL_FROM, ...SIGN_UP, ...SSO } }).data),
  'genai-rag': (app) => genAiRagStack(app, 'prod', { ...SIGN_UP, ...SSO, ...BUDGETS, site: LISTS }),
};

/** Settings of a pool beside one that is brought. */
const BROUGHT: Readonly<Record<string, (app: App, settings: object) => unknown>> = {
  'event-driven': (app, settings) => {
    const userPool = new UserPool(new Stack(app, 'Theirs'), 'Pool');
    return eventDrivenStack(app, 'dev', { ...settings, existing: { users: { userPool, clients: [] } } });
  },
  'data-pipeline': (app, settings) => {
    const userPool = new UserPool(new Stack(app, 'Theirs'), 'Pool');
    return dataPipelineStack(app, 'dev', { api: settings, existing: { users: { userPool, clients: [] } } });
  },
  'data-pipeline for roles': (app, settings) =>
    dataPipelineStack(app, 'dev', { api: { ...settings, authorizer: 'iam' } }),
  'web-app': (app, settings) => {
    const userPool = UserPool.fromUserPoolId(new Stack(app, 'Theirs'), 'Pool', 'us-east-1_mine');
    return webApp(app, 'dev', {
      login: settings,
      existing: { users: { userPool, loginUrl: 'https://login.example.com' } },
    });
  },
  'genai-rag': (app, settings) => {
    const userPool = UserPool.fromUserPoolId(new Stack(app, 'Theirs'), 'Pool', 'us-east-1_mine');
    return genAiRagStack(app, 'dev', {
      ...settings,
      existing: { users: { userPool, loginUrl: 'https://login.example.com' } },
    });
  },
};

describe.each(Object.entries(BUILDS))('%s with all options of who may come in', (_, build) => {
  it('has no finding of our rules or of cdk-nag without a reason', () => {
    const { violations, acknowledged } = validationReport(
      (app) => void build(app),
      (app) => allPacks(app, { strict: true }),
      { keep: true },
    );
    const found = violations.map(({ ruleName, violatingConstructs }) => [
      ruleName,
      ...violatingConstructs.map(({ constructPath }) => constructPath),
    ]);
    expect(found).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(5);
    for (const { reason, ruleName } of acknowledged) expect((reason ?? '').length, ruleName).toBeGreaterThan(40);
  });

  it('checks sign-ups by the trigger of its pool, and pages for what that logs itself alone', () => {
    const template = Template.fromStack(build(testApp()));
    template.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
      MfaConfiguration: 'ON',
      LambdaConfig: { PreSignUp: { 'Fn::GetAtt': [Match.stringLikeRegexp('SignUpHandler'), 'Arn'] } },
    });
    const patterns = Object.entries(resourcesOf(template, 'AWS::Logs::MetricFilter'))
      .filter(([id]) => id.includes('SignUp'))
      .map(([, { Properties }]) => Properties['FilterPattern']);
    expect(patterns).toEqual(['{ ($.level = "ERROR") && ($.service = "sign-up") }']);
  });
});

describe.each(Object.entries(BROUGHT))('%s with a pool that is brought, or without one', (_, build) => {
  it.each([
    [{ allowedEmailDomains: DOMAINS }, 'allowedEmailDomains'],
    [{ mfa: Mfa.REQUIRED }, 'mfa'],
  ])('refuses %j', (settings, prop) => {
    expect(() => build(testApp(), settings)).toThrow(
      new RegExp(`(login\\.|api\\.)?${prop} is .*; allowed: only with a user pool of the pattern`),
    );
  });
});

describe('budgets of the GenAI application', () => {
  it('have an alarm for the stack’s, in every stage, and none without it', () => {
    for (const stage of ['dev', 'prod'] as const) {
      const alarmsOf = (props: object) =>
        Object.values(resourcesOf(Template.fromStack(genAiRagStack(testApp(), stage, props)), 'AWS::CloudWatch::Alarm'))
          .map(({ Properties }) => Properties['MetricName'])
          .filter((name) => name === 'StackBudgetExceeded');
      expect(alarmsOf(BUDGETS)).toHaveLength(1);
      expect(alarmsOf({ answers: { bounds: { tenantDailyTokens: 1_000_000 } } })).toHaveLength(0);
    }
  });

  it('send the month’s e-mail to who gets the alarms, from us-east-1, and are refused without an address', () => {
    const app = testApp();
    genAiRagStack(app, 'dev', BUDGETS, 'eu-west-1');
    const stacks = app.node.children.filter(Stack.isStack);
    const counts = stacks.map((stack) => [
      stack.region,
      Object.keys(resourcesOf(Template.fromStack(stack), 'AWS::Budgets::Budget')).length,
    ]);
    expect(counts.sort()).toEqual([
      ['eu-west-1', 0],
      ['us-east-1', 1],
    ]);
    expect(() => genAiRagStack(testApp(), 'dev', { ...BUDGETS, alarmEmail: undefined })).toThrow(
      /MonthlyBudget: emails is '0 addresses'/,
    );
    expect(() => genAiRagStack(testApp(), 'dev', { monthlyBudget: { usd: 0 } })).toThrow(/usd is 0/);
  });
});

describe('lists of addresses and countries', () => {
  const setsOf = (app: App) =>
    app.node.children.filter(Stack.isStack).flatMap((stack) => {
      const sets = Object.keys(resourcesOf(Template.fromStack(stack), 'AWS::WAFv2::IPSet')).length;
      return sets === 0 ? [] : [`${sets} in ${stack.region}`];
    });

  it('reach the firewall of each pattern that has one, in us-east-1', () => {
    const builds: ((app: App) => unknown)[] = [
      (app) => eventDrivenStack(app, 'dev', { edge: LISTS, env: { region: 'eu-west-1' } }),
      (app) => webAppStacks(app, 'dev', { site: LISTS }),
      (app) => genAiRagStack(app, 'dev', { site: LISTS }, 'eu-west-1'),
    ];
    for (const build of builds) {
      const app = testApp();
      build(app);
      expect(setsOf(app)).toEqual(['3 in us-east-1']);
    }
  });

  it('are refused beside a web ACL that is brought, and without a firewall', () => {
    const webAclArn = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/mine/0a1b';
    const refused = /allowedAddresses is .*; allowed: only without a web ACL of yours/;
    expect(() =>
      eventDrivenStack(testApp(), 'dev', { edge: { ...LISTS, webAclArn }, env: { region: 'us-east-1' } }),
    ).toThrow(refused);
    expect(() => webApp(testApp(), 'dev', { site: LISTS, existing: { webAclArn } })).toThrow(refused);
    expect(() => genAiRagStack(testApp(), 'dev', { site: LISTS, existing: { webAclArn } })).toThrow(refused);
    expect(() => genAiRagStack(testApp(), 'dev', { site: { ...LISTS, firewall: false } })).toThrow(
      /allowedAddresses is .*; allowed: only without site.firewall: false/,
    );
  });
});

describe('identity providers', () => {
  const clientsOf = (app: App) =>
    app.node.children.filter(Stack.isStack).flatMap((stack) => {
      const { Resources = {} } = Template.fromStack(stack).toJSON() as { Resources?: Record<string, TemplateResource> };
      return Object.values(Resources).flatMap(({ Type, Properties }) =>
        Type === 'AWS::Cognito::UserPoolClient' ? [Properties['SupportedIdentityProviders']] : [],
      );
    });

  it('sign in to the site of each pattern that has managed login, in one stack and in several', () => {
    const builds: ((app: App, more: object) => unknown)[] = [
      (app, more) => webApp(app, 'dev', { login: { ...SSO, ...more } }),
      (app, more) => webAppStacks(app, 'dev', { login: { ...SSO, ...more } }),
      (app, more) => genAiRagStack(app, 'dev', { ...SSO, ...more }),
    ];
    for (const build of builds) {
      for (const [more, expected] of [
        [{}, ['COGNITO', 'Corp']],
        [{ passwordSignIn: false }, ['Corp']],
      ] as const) {
        const app = testApp();
        build(app, more);
        expect(clientsOf(app)).toEqual([expected]);
      }
    }
  });

  it.each(['web-app', 'genai-rag'])('are refused by %s beside a pool that is brought', (name) => {
    const refused = (prop: string) =>
      new RegExp(`(login\\.)?${prop} is .*; allowed: only with a user pool of the pattern`);
    expect(() => BROUGHT[name]?.(testApp(), SSO)).toThrow(refused('identityProviders'));
    expect(() => BROUGHT[name]?.(testApp(), { passwordSignIn: false })).toThrow(refused('passwordSignIn'));
  });
});
