import {
  MAIL_DOMAINS,
  MAIL_FROM,
  MFA,
  mfaFrom,
  type Pattern,
  REGION_FOR_SYNTH,
  signUpFrom,
  withEdgeStack,
} from '../pattern';

/** The web app. */
export const webApp: Pattern = {
  name: 'web-app',
  stack: 'WebApp',
  contextKeys: {
    mailFrom: MAIL_FROM,
    mailDomains: MAIL_DOMAINS,
    mfa: MFA,
    compute: { shape: /^(lambda|fargate)$/, allowed: 'lambda or fargate' },
    zones: {
      shape: /^(by-position|[a-z0-9-]+(,[a-z0-9-]+)+)$/,
      allowed:
        'by-position, or 2 or 3 Availability Zones by id or name, separated by commas, such as use1-az1,use1-az2',
    },
  },
  stacks: (context) => withEdgeStack(['WebAppNetwork', 'WebAppData', 'WebApp'], 'WebApp', context),
  addStacks: async (app, { stage, alarmEmail, env, stackName, options }) => {
    const { compute, zones, mailFrom, mailDomains, mfa } = options;
    const { WebAppStacks } = await import('./web-app-stacks.js');
    new WebAppStacks(app, 'WebApp', {
      stackName,
      stage,
      alarmEmail,
      env: { ...env, region: env.region ?? REGION_FOR_SYNTH },
      compute: compute === 'fargate' ? 'fargate' : 'lambda',
      network: { zones: zones === 'by-position' ? zones : zones?.split(',') },
      login: { mailFrom, ...signUpFrom(mailDomains), mfa: await mfaFrom(mfa) },
    });
  },
  firstRequest: async () => (await import('./try/first-item.js')).firstItem,
  local: {
    mustHave: 'AWS::RDS::DBCluster',
    // All of it in one stack, with CloudFront's own part.
    addStack: async (app, { stage, alarmEmail, options: { mailFrom, mailDomains, mfa } }) => {
      const { Stack } = await import('aws-cdk-lib');
      const { WebApp } = await import('./web-app.js');
      const stack = new Stack(app, 'WebApp', { env: { region: REGION_FOR_SYNTH } });
      new WebApp(stack, 'App', {
        stage,
        alarmEmail,
        login: { mailFrom, ...signUpFrom(mailDomains), mfa: await mfaFrom(mfa) },
      });
    },
  },
};
