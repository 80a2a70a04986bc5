import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { addItem, openItem, signIn, type Tab } from '../../../fixtures/browser';
import { describeSite } from '../../../fixtures/describe-with';
import { expectEventually } from '../../../fixtures/eventually';
import { siteInBrowser } from './pages-fixture';

const AUDIT = readFileSync(join(__dirname, '../../../fixtures/page-audit.js'), 'utf8');
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

describeSite('the site for everyone', () => {
  const at = siteInBrowser();
  const focused = (page: Page) =>
    page.evaluate('document.activeElement.id || document.activeElement.textContent') as Promise<string>;

  it.each([
    ['wide and light', { viewport: { width: 1024, height: 768 }, colorScheme: 'light' }],
    ['narrow and dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
    ['as narrow as at four times the size', { viewport: { width: 320, height: 640 }, colorScheme: 'light' }],
  ] as const)('keeps nobody out: %s', async (name, look) => {
    const tab = await at.another(look);
    const { page } = tab;
    const user = `${name.replaceAll(' ', '-')}@example.com`;
    const audit = async (what: string) => {
      expect({ [what]: await page.evaluate(AUDIT) }).toEqual({ [what]: [] });
      await tab.screenshot(`${name.replaceAll(/\W+/g, '-')}-${what}`);
    };
    await page.goto(at.site.origin);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await audit('welcome');
    await signIn(page, at.site.origin, user);
    await audit('empty');
    const word = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen';
    await addItem(page, `${word} ${word}`, word);
    await addItem(page, 'Short');
    await audit('list');
    await openItem(page, `${word} ${word}`);
    const files = [`${word}.png`, 'x.png', 'liar.png'];
    for (const file of files) {
      const buffer = file === 'liar.png' ? Buffer.from('no') : PNG;
      await page.getByLabel('Add a file').setInputFiles({ name: file, mimeType: 'image/png', buffer });
      await page
        .locator('.files li', { hasText: file })
        .getByText(/ready|does not match its declared type/)
        .waitFor();
    }
    await page.route('**/attachments', (route) => route.abort());
    await page.getByLabel('Add a file').setInputFiles({ name: 'stuck.png', mimeType: 'image/png', buffer: PNG });
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await audit('item');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').waitFor();
    await audit('delete');
  });

  it('is looked at by an audit that finds what is wrong', async () => {
    await at.page.goto(at.site.origin);
    await at.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await at.page.evaluate(`
      const add = (tag, change = {}) => document.querySelector('main').append(Object.assign(document.createElement(tag), change));
      add('h1', { textContent: 'Second' });
      add('h3', { textContent: 'Too deep', id: 'main' });
      add('input');
      add('button');
      add('p', { textContent: 'Faint' });
      add('div', { ariaLabel: 'wide' });
      add('label', { htmlFor: 'nothing' });
      document.querySelector('main p:last-of-type').style.color = 'rgb(200, 200, 200)';
      document.querySelector('main div').style.cssText = 'width: 3000px; height: 1px';
      document.querySelector('main button:last-of-type').style.cssText = 'width: 10px; min-height: 10px; padding: 0';
      document.documentElement.lang = document.title = '';
    `);
    const rules = ((await at.page.evaluate(AUDIT)) as string[]).map((complaint) => complaint.split(':')[0]);
    const known = ['1.3.1', '1.4.10', '1.4.3', '2.4.2', '2.5.8', '3.1.1', '3.3.2', '4.1.2'];
    expect([...new Set(rules)].sort()).toEqual(known);
  });

  it('is all there for a keyboard', async () => {
    const { page, tab } = at;
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.goto(at.site.origin);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await press('Tab', 'Enter');
    await page.getByLabel('E-mail address').waitFor();
    await press('Tab', 'Tab', 'Enter');
    await page.getByRole('heading', { name: 'Your items' }).waitFor();
    expect(await focused(page)).toBe('Your items');

    await press('Tab');
    expect(await focused(page)).toBe('title');
    await page.keyboard.type('Typed');
    await press('Enter');
    await page.getByRole('link', { name: 'Typed' }).waitFor();
    expect(await page.getByRole('status').textContent()).toBe('Item added');
    expect(await focused(page)).toBe('title');
    await press('Tab', 'Tab', 'Tab');
    expect(await focused(page)).toBe('Typed');
    await press('Enter');
    await page.getByRole('heading', { name: 'Files' }).waitFor();
    expect(await focused(page)).toBe('Typed');

    await press('Tab', 'Tab');
    expect(await focused(page)).toBe('title');
    await page.keyboard.type(' again');
    await press('Enter');
    await page.getByText('Version 2').waitFor();
    // Whoever saves goes on where they were.
    expect(await focused(page)).toBe('title');
    await press('Tab', 'Tab', 'Tab');
    expect(await focused(page)).toBe('Delete');
    await press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await focused(page)).toBe('Keep it');
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await focused(page)).toBe('Delete');
    await press('Enter', 'Tab', 'Enter');
    await page.getByRole('heading', { name: 'Your items' }).waitFor();
    expect(await focused(page)).toBe('Your items');
    expect(await page.getByRole('status').textContent()).toBe('Item deleted');

    await press('Shift+Tab');
    expect(await focused(page)).toBe('Sign out');
    await press('Enter');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(tab.complaints).toEqual([]);
  });

  it('lets a keyboard skip to the content, and loses nothing that was typed', async () => {
    const { page } = at;
    await signIn(page, at.site.origin);
    await page.getByLabel('Title').fill('Half a title');
    await page.getByRole('link', { name: 'Skip to content' }).focus();
    expect((await page.getByRole('link', { name: 'Skip to content' }).boundingBox())?.x).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('main');
    expect(await page.getByLabel('Title').inputValue()).toBe('Half a title');
  });

  it('says without scripts that it needs them', async () => {
    const tab: Tab = await at.another({ javaScriptEnabled: false });
    await tab.page.goto(at.site.origin);
    expect(await tab.page.getByRole('main').textContent()).toContain('needs JavaScript');
  });

  it('goes on with the first of what was loaded', async () => {
    const { page } = at;
    await signIn(page, at.site.origin, 'many@example.com');
    const { accessToken } = JSON.parse((await page.evaluate("sessionStorage.getItem('sign-in.tokens')")) as string);
    for (let number = 0; number < 45; number += 1) {
      const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ title: `Item ${number}` });
      const url = `${at.site.origin}/api/items`;
      await fetch(url, { method: 'POST', headers: { ...headers, 'idempotency-key': `key-${number}` }, body });
    }
    await page.reload();
    const more = page.getByRole('button', { name: 'Load more' });
    await more.click();
    await expectEventually(() => page.locator('.items li').count()).toBe(40);
    expect(await focused(page)).toBe(await page.locator('.items a').nth(20).textContent());
    await more.click();
    await expectEventually(() => page.locator('.items li').count()).toBe(45);
    expect(await more.isVisible()).toBe(false);
    expect(new Set(await page.locator('.items a').allInnerTexts()).size).toBe(45);
  });
});
