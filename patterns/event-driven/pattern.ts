import { MAIL_DOMAINS, MAIL_FROM, MFA, mfaFrom, type Pattern, signUpFrom } from '../pattern';

/** The event-driven pattern. */
export const eventDriven: Pattern = {
  name: 'event-driven',
  stack: 'EventDriven',
  contextKeys: { mailFrom: MAIL_FROM, mailDomains: MAIL_DOMAINS, mfa: MFA },
  stacks: () => ['EventDriven'],
  addStacks: async (app, { stage, alarmEmail, env, stackName, options: { mailFrom, mailDomains, mfa } }) => {
    const { EventDrivenStack } = await import('./event-driven-stack.js');
    new EventDrivenStack(app, 'EventDriven', {
      stackName: stackName('EventDriven'),
      stage,
      alarmEmail,
      env,
      mailFrom,
      ...signUpFrom(mailDomains),
      mfa: await mfaFrom(mfa),
    });
  },
  firstRequest: async () => (await import('./try/first-order.js')).firstOrder,
};
