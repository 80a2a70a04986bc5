import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { LoginClient } from '../../../../local/aws/login-grants';
import { launchBrowser, openTab, type Tab } from '../../../fixtures/browser';
import { NO_TROUBLE, type SiteBackend, startSiteBackend } from './backend-fixture';

/** The site that a file of tests runs, and a tab of its own for each test. */
export interface SiteInBrowser {
  readonly site: SiteBackend;
  readonly tab: Tab;
  readonly page: Page;
  /** Another tab, which knows nothing of the first. */
  another(options?: BrowserContextOptions): Promise<Tab>;
}

/** Starts the site and a browser before the tests of a `describe`, and ends them after. */
export function siteInBrowser(client: Partial<LoginClient> = {}): SiteInBrowser {
  let site: SiteBackend;
  let browser: Browser;
  let tabs: Tab[] = [];
  const another = async (options?: BrowserContextOptions) => {
    const tab = await openTab(browser, options);
    tabs.push(tab);
    return tab;
  };
  beforeAll(async () => {
    [site, browser] = await Promise.all([startSiteBackend(client), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    await another();
  });
  afterEach(async () => {
    await Promise.all(tabs.map((tab) => tab.close()));
    tabs = [];
    Object.assign(site.trouble, NO_TROUBLE);
  });
  const tab = () => {
    const [first] = tabs;
    if (first === undefined) throw new Error('No test runs');
    return first;
  };
  return {
    get site() {
      return site;
    },
    get tab() {
      return tab();
    },
    get page() {
      return tab().page;
    },
    another,
  };
}
