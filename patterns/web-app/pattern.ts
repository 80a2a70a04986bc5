import { MAIL_FROM, type Pattern, REGION_FOR_SYNTH, withEdgeStack } from '../pattern';

/** The web app. */
export const webApp: Pattern = {
  name: 'web-app',
  stack: 'WebApp',
  contextKeys: {
    mailFrom: MAIL_FROM,
    compute: { shape: /^(lambda|fargate)$/, allowed: 'lambda or fargate' },
    zones: {
      shape: /^(by-position|[a-z0-9-]+(,[a-z0-9-]+)+)$/,
      allowed:
        'by-position, or 2 or 3 Availability Zones by id or name, separated by commas, such as use1-az1,use1-az2',
    },
  },
  stacks: (context) => withEdgeStack(['WebAppNetwork', 'WebAppData', 'WebApp'], 'WebApp', context),
  addStacks: async (app, { stage, alarmEmail, env, stackName, options: { compute, zones, mailFrom } }) => {
    const { WebAppStacks } = await import('./web-app-stacks.js');
    new WebAppStacks(app, 'WebApp', {
      stackName,
      stage,
      alarmEmail,
      env: { ...env, region: env.region ?? REGION_FOR_SYNTH },
      compute: compute === 'fargate' ? 'fargate' : 'lambda',
      network: { zones: zones === 'by-position' ? zones : zones?.split(',') },
      login: { mailFrom },
    });
  },
  local: {
    mustHave: 'AWS::RDS::DBCluster',
    // All of it in one stack, with CloudFront's own part.
    addStack: async (app, { stage, alarmEmail, options: { mailFrom } }) => {
      const { Stack } = await import('aws-cdk-lib');
      const { WebApp } = await import('./web-app.js');
      const stack = new Stack(app, 'WebApp', { env: { region: REGION_FOR_SYNTH } });
      new WebApp(stack, 'App', { stage, alarmEmail, login: { mailFrom } });
    },
  },
};
