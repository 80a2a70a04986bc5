import type { LocalPattern } from '../../../local/cli/local-pattern';
import { EVENT_DRIVEN_DEMO } from './demo';
import { eventDrivenExamples } from './examples';
import { eventDrivenTarget } from './fuzz';

/** The event-driven pattern as it runs locally. */
export const local: LocalPattern = {
  demo: EVENT_DRIVEN_DEMO,
  start: { examples: eventDrivenExamples },
  fuzz: eventDrivenTarget,
};
