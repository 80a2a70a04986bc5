import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { LoginClient } from '../../../../local/aws/login-grants';
import { launchBrowser, openTab, signIn, type Tab } from '../../../fixtures/browser';
import { type RagBackend, RagState, startRagBackend } from './backend-fixture';

/** The site that a file of tests runs, and a tab and a state of its own for each test. */
export interface RagInBrowser {
  readonly site: RagBackend;
  readonly state: RagState;
  readonly tab: Tab;
  readonly page: Page;
  /** Another tab, which knows nothing of the first. */
  another(options?: BrowserContextOptions): Promise<Tab>;
  /** Signs in, and goes to a path of the site. */
  enter(path?: string, page?: Page): Promise<void>;
  /** Asks a question by the form. */
  ask(question: string): Promise<void>;
  /** Waits until the question is answered, or is not going to be. */
  answered(page?: Page): Promise<void>;
}

/** Starts the site and a browser before the tests of a `describe`, and ends them after. */
export function ragInBrowser(client: Partial<LoginClient> = {}): RagInBrowser {
  let site: RagBackend;
  let browser: Browser;
  let tabs: Tab[] = [];
  const another = async (options?: BrowserContextOptions) => {
    const tab = await openTab(browser, options, 'genai-rag');
    tabs.push(tab);
    return tab;
  };
  beforeAll(async () => {
    [site, browser] = await Promise.all([startRagBackend(client), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    site.state = new RagState();
    site.bucket.files.clear();
    site.bucket.refusals.length = 0;
    await another();
  });
  afterEach(async () => {
    await Promise.all(tabs.map((tab) => tab.close()));
    tabs = [];
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
    get state() {
      return site.state;
    },
    get tab() {
      return tab();
    },
    get page() {
      return tab().page;
    },
    another,
    enter: async (path = '/', page = tab().page) => {
      await signIn(page, site.origin, 'ada@example.com', 'Ask your documents');
      if (path !== '/') await page.goto(`${site.origin}${path}`);
      await page.locator('main:not([aria-busy]) h1').waitFor();
    },
    answered: (page = tab().page) => page.getByRole('button', { name: 'Ask', exact: true }).waitFor(),
    ask: async (question) => {
      await tab().page.getByLabel('Your question').fill(question);
      await tab().page.getByRole('button', { name: 'Ask', exact: true }).click();
    },
  };
}
