import { MAIL_FROM, type Pattern } from '../pattern';

/** The event-driven pattern. */
export const eventDriven: Pattern = {
  name: 'event-driven',
  stack: 'EventDriven',
  contextKeys: { mailFrom: MAIL_FROM },
  stacks: () => ['EventDriven'],
  addStacks: async (app, { stage, alarmEmail, env, stackName, options: { mailFrom } }) => {
    const { EventDrivenStack } = await import('./event-driven-stack.js');
    new EventDrivenStack(app, 'EventDriven', {
      stackName: stackName('EventDriven'),
      stage,
      alarmEmail,
      env,
      mailFrom,
    });
  },
  firstRequest: async () => (await import('./try/first-order.js')).firstOrder,
};
