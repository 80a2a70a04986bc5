import type { LocalPattern } from '../../../local/cli/local-pattern';
import { WEB_APP_DEMO } from './demo';
import { webAppTarget } from './fuzz';
import { webAppSite } from './start';

/** The web app as it runs locally. */
export const local: LocalPattern = {
  demo: WEB_APP_DEMO,
  start: { site: webAppSite },
  fuzz: webAppTarget,
};
