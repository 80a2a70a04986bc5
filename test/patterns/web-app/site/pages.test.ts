import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { subjectOf } from '../../../../local/aws/user-pool';
import { addItem, openItem, signIn } from '../../../fixtures/browser';
import { describeSite } from '../../../fixtures/describe-with';
import { siteInBrowser } from './pages-fixture';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(300_000, 7)]);

describeSite('the site in a browser', () => {
  const at = siteInBrowser();

  it('takes a person from the sign-in to the sign-out without a complaint', async () => {
    const { site, tab, page } = at;
    await page.goto(`${site.origin}/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await tab.screenshot('1-welcome');
    await signIn(page, site.origin);
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.getByRole('banner').textContent()).toContain('ada@example.com');
    await tab.screenshot('2-empty');

    await addItem(page, 'Harbour', 'Boats and cranes');
    await addItem(page, '<b>Tower</b> & "friends"', '');
    await tab.screenshot('3-list');
    await openItem(page, 'Harbour');
    expect(await page.getByLabel('Notes').inputValue()).toBe('Boats and cranes');

    await page.getByLabel('Title').fill('Old harbour');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Version 2').waitFor();
    expect(await page.title()).toBe('Old harbour');

    await page.getByLabel('Add a file').setInputFiles({ name: 'boat.png', mimeType: 'image/png', buffer: PNG });
    await page.getByText('ready', { exact: false }).first().waitFor();
    await tab.screenshot('4-item');
    const [key] = site.bucket.keys();
    expect(key).toContain(`uploads/${subjectOf('ada@example.com')}/`);
    expect(site.bucket.content(key ?? '').equals(PNG)).toBe(true);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download boat.png' }).click();
    expect((await download).suggestedFilename()).toBe('boat.png');
    expect(readFileSync(await (await download).path()).equals(PNG)).toBe(true);
    // The page is still there.
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Old harbour');

    await page.getByRole('button', { name: 'Delete' }).click();
    await tab.screenshot('5-delete');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete item' }).click();
    await page.getByRole('heading', { name: 'Your items' }).waitFor();
    expect(await page.locator('.items a').allInnerTexts()).toEqual(['<b>Tower</b> & "friends"']);
    expect(site.bucket.keys()).toEqual([]);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([]);
    // The login's own session is over, too: it asks who is there.
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('E-mail address').waitFor();
    expect(tab.complaints).toEqual([]);
  });
});
