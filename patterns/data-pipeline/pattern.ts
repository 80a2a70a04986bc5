import { MAIL_DOMAINS, MAIL_FROM, MFA, mfaFrom, type Pattern, signUpFrom } from '../pattern';

/** The data pipeline. */
export const dataPipeline: Pattern = {
  name: 'data-pipeline',
  stack: 'DataPipeline',
  contextKeys: {
    mailFrom: MAIL_FROM,
    mailDomains: MAIL_DOMAINS,
    mfa: MFA,
    warehouse: { shape: /^(true|false)$/, allowed: 'true or false' },
  },
  stacks: () => ['DataPipeline'],
  addStacks: async (app, { stage, alarmEmail, env, stackName, options: { warehouse, mailFrom, mailDomains, mfa } }) => {
    const { DataPipelineStack } = await import('./data-pipeline-stack.js');
    new DataPipelineStack(app, 'DataPipeline', {
      stackName: stackName('DataPipeline'),
      stage,
      alarmEmail,
      env,
      alerts: [{ name: 'purchase-rush', of: 'purchase', above: 100 }],
      warehouse: warehouse === 'true',
      api: { mailFrom, ...signUpFrom(mailDomains), mfa: await mfaFrom(mfa) },
    });
  },
  commands: {
    load: async () => (await import('./load/index.js')).dataPipelineLoad,
    replay: async () => (await import('./replay/index.js')).dataPipelineReplay,
  },
  firstRequest: async () => (await import('./try/first-event.js')).firstEvent,
};
