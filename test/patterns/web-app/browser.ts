import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { describeWith } from './describe-with';

const EXECUTABLES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const OUTPUT = join(__dirname, '../../../test-output');

const executable = EXECUTABLES.find((path) => path !== undefined && existsSync(path));

/** A group of tests of the site. Without Chromium, PostgreSQL or Redis it is skipped, and says so; in CI it fails instead. */
export const describeSite: (name: string, tests: () => void) => void =
  executable === undefined && process.env['CI'] !== 'true'
    ? skipped()
    : describeWith(['initdb', 'postgres', 'redis-server']);

/** A group of tests that need Chromium alone. Without it, it is skipped, and says so; in CI it fails instead. */
export const describeInBrowser: (name: string, tests: () => void) => void =
  executable === undefined && process.env['CI'] !== 'true' ? skipped() : describe;

function skipped(): typeof describe.skip {
  console.warn('SKIPPED: these tests need Chromium, which this machine does not have (or name it: CHROMIUM=<path>)');
  return describe.skip;
}

export async function launchBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error(`No Chromium at ${EXECUTABLES.join(', ')}: install it`);
  return chromium.launch({ executablePath: executable, args: ARGUMENTS });
}

/** A tab, and all that it complains of. */
export interface Tab {
  readonly page: Page;
  /** Errors of the console, of scripts and of the content security policy. */
  readonly complaints: string[];
  /** Keeps what the tab shows as test output. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** @param pattern whose site it shows: where screenshots are kept */
export async function openTab(
  browser: Browser,
  options: BrowserContextOptions = {},
  pattern = 'web-app',
): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1024, height: 768 }, locale: 'en-GB', ...options });
  context.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  await context.exposeFunction('violated', (what: string) => complaints.push(`CSP: ${what}`));
  await context.addInitScript({
    content: "addEventListener('securitypolicyviolation', (e) => violated(e.violatedDirective + ' ' + e.blockedURI))",
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  return {
    page,
    complaints,
    screenshot: async (name) => {
      const folder = join(OUTPUT, pattern);
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    },
    close: () => context.close(),
  };
}

/** Signs in through the login, and comes to the first page: of the web app, the list of items. */
export async function signIn(
  page: Page,
  origin: string,
  user = 'ada@example.com',
  heading = 'Your items',
): Promise<void> {
  await page.goto(`${origin}/`);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail address').fill(user);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: heading }).waitFor();
}

/** Adds an item by the form. */
export async function addItem(page: Page, title: string, notes = ''): Promise<void> {
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Notes').fill(notes);
  await page.getByRole('button', { name: 'Add item' }).click();
  await page.getByRole('link', { name: title, exact: true }).waitFor();
}

/** Opens an item of the list. */
export async function openItem(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: title, exact: true }).click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

/** Chromium tells of each answer that is an error; nothing else may be told. */
export function expectAnswersOnly(complaints: readonly string[], statuses: readonly number[]): void {
  const told = complaints.map((each) => /^error: Failed to load resource.* status of (\d+)/.exec(each)?.[1] ?? each);
  expect(told).toEqual(statuses.map(String));
}
