import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AwsError } from '../../../../local/aws/service';
import { MULTIPART_ABOVE_BYTES, type NewAttachment } from '../../../../patterns/web-app/contract';
import { addItem, expectAnswersOnly, openItem, signIn } from '../../../fixtures/browser';
import { describeSite } from '../../../fixtures/describe-with';
import { MAX_UPLOAD_BYTES } from './backend-fixture';
import { siteInBrowser } from './pages-fixture';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(300_000, 7)]);
const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: PNG });
/** Large files lie on the disk, as holes. */
const folder = mkdtempSync(join(tmpdir(), 'site-uploads-'));

describeSite('uploads by the site', () => {
  const at = siteInBrowser();
  let number = 0;

  beforeAll(() => {
    large('film.zip', MULTIPART_ABOVE_BYTES + 1);
    large('too-large.zip', MAX_UPLOAD_BYTES + 1);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Opens a new item of the person who is signed in. */
  async function newItem(page: Page): Promise<void> {
    const title = `Item ${++number}`;
    await signIn(page, at.site.origin);
    await addItem(page, title);
    await openItem(page, title);
  }
  const choose = (file: string | ReturnType<typeof picture>) => at.page.getByLabel('Add a file').setInputFiles(file);
  const alert = () => at.page.getByRole('alert').textContent();
  const row = (name: string) => at.page.locator('.files li', { hasText: name });

  it('shows how far a file is', async () => {
    const { page } = at;
    await newItem(page);
    const session = await page.context().newCDPSession(page);
    const network = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 };
    await session.send('Network.emulateNetworkConditions', network);
    await page.evaluate(`
      window.seen = [];
      new MutationObserver(() => {
        const bar = document.querySelector('progress');
        if (bar !== null && seen.at(-1) !== bar.value) seen.push(bar.value);
      }).observe(document.querySelector('main'), { subtree: true, childList: true, attributes: true });
    `);
    await choose(picture('slow.png'));
    await row('slow.png').getByText('ready').waitFor();
    const seen = (await page.evaluate('seen')) as number[];
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    expect(seen.filter((sent) => sent > 0 && sent < PNG.length).length).toBeGreaterThan(0);
    expect(Math.max(...seen)).toBe(PNG.length);
    expect(at.tab.complaints).toEqual([]);
  });

  it('refuses a kind of file that nobody may upload, and an empty one, before anything is sent', async () => {
    await newItem(at.page);
    const sent: string[] = [];
    at.page.on('request', (request) => sent.push(request.url()));
    await choose({ name: 'tool.exe', mimeType: 'application/x-msdownload', buffer: PNG });
    await at.page.getByRole('alert').getByText('not a supported kind of file').waitFor();
    expect(await alert()).toContain('tool.exe');
    await choose({ name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) });
    await at.page.getByRole('alert').getByText('“empty.png” is empty').waitFor();
    expect(sent).toEqual([]);
    expect(at.tab.complaints).toEqual([]);
  });

  it('goes by the name where the browser names another type', async () => {
    await newItem(at.page);
    await choose({ name: 'table.CSV', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from('a,b\n1,2\n') });
    await row('table.CSV').getByText('ready').waitFor();
  });

  it('says that a file is too large, and how large one may be', async () => {
    await newItem(at.page);
    await choose(join(folder, 'too-large.zip'));
    await at.page.getByRole('alert').getByText('too large').waitFor();
    expect(await alert()).toContain('“too-large.zip” is too large (200 MB).');
    expect(await row('too-large.zip').count()).toBe(0);
    expectAnswersOnly(at.tab.complaints, [413]);
    await at.tab.screenshot('6-too-large');
  });

  it('locks away what is not what it says, and offers no download of it', async () => {
    await newItem(at.page);
    await choose({ name: 'liar.png', mimeType: 'image/png', buffer: Buffer.from('#!/bin/sh\n') });
    await row('liar.png').getByText('does not match its declared type').waitFor();
    expect(await row('liar.png').getByRole('button').count()).toBe(0);
    await at.page.reload();
    await row('liar.png').getByText('does not match its declared type').waitFor();
    await at.tab.screenshot('7-locked-away');
  });

  it('says that the permission has expired, and tries again with another, for the same attachment', async () => {
    await newItem(at.page);
    at.site.trouble.ahead = 601_000;
    await choose(picture('late.png'));
    await at.page.getByRole('alert').getByText('expired').waitFor();
    expect(await alert()).toContain('late.png');
    await at.tab.screenshot('8-expired');
    at.site.trouble.ahead = 0;
    await row('late.png').getByRole('button', { name: 'Try again' }).click();
    await row('late.png').getByText('ready').waitFor();
    await at.page.reload();
    await row('late.png').getByText('ready').waitFor();
    expect(await row('late.png').count()).toBe(1);
    expectAnswersOnly(at.tab.complaints, [403]);
  });

  it.each([
    ['another key', { key: 'uploads/somebody/else' }],
    ['another type', { 'Content-Type': 'text/html' }],
    ['a redirect', { success_action_redirect: 'https://example.com/' }],
  ])('S3 takes no form with %s', async (_what, change) => {
    await newItem(at.page);
    const before = at.site.bucket.keys();
    await at.page.route('**/attachments', async (route) => {
      const response = await route.fetch();
      const { attachment, upload } = (await response.json()) as NewAttachment;
      if (upload.kind !== 'form') throw new Error('Not a form');
      await route.fulfill({
        response,
        json: { attachment, upload: { ...upload, fields: { ...upload.fields, ...change } } },
      });
    });
    await choose(picture('forged.png'));
    await at.page.getByRole('alert').getByText('was rejected').waitFor();
    expect(at.site.bucket.keys()).toEqual(before);
    expectAnswersOnly(at.tab.complaints, [403]);
  });

  it('S3 takes no more than the form says', async () => {
    await newItem(at.page);
    await at.page.route('**/attachments', async (route) => {
      const asked = JSON.parse(route.request().postData() ?? '{}') as object;
      await route.continue({ postData: JSON.stringify({ ...asked, size: 10 }) });
    });
    await choose(picture('grown.png'));
    await at.page.getByRole('alert').getByText('larger than declared').waitFor();
    expectAnswersOnly(at.tab.complaints, [400]);
  });

  it('sends a large file in parts, a few at once, and a part that fails again', async () => {
    await newItem(at.page);
    const puts: string[] = [];
    let failures = 0;
    at.site.trouble.onCall = ({ action, input }) => {
      if (action !== 'UploadPart') return;
      puts.push(String(input['PartNumber']));
      if (String(input['PartNumber']) === '2' && ++failures <= 2) throw new AwsError('SlowDown', 'Slow down', 503);
    };
    await choose(join(folder, 'film.zip'));
    await row('film.zip').getByText('ready').waitFor();
    expect(puts.toSorted((a, b) => Number(a) - Number(b))).toEqual(['1', '2', '2', '2', '3', '4', '5', '6', '7']);
    // Parts that came after the second did not wait for it.
    expect(puts.lastIndexOf('2')).toBeGreaterThan(puts.indexOf('3'));
    const key = at.site.bucket.keys().at(-1) ?? '';
    expect(at.site.bucket.content(key).length).toBe(MULTIPART_ABOVE_BYTES + 1);
    expect(at.site.bucket.content(key).at(-1)).toBe(9);
    expectAnswersOnly(at.tab.complaints, [503, 503]);
  });

  it('goes on by new permissions when a large file takes longer than they live, and sends no part twice', async () => {
    await newItem(at.page);
    const puts: string[] = [];
    at.site.trouble.onCall = ({ action, input }) => {
      if (action === 'UploadPart') puts.push(String(input['PartNumber']));
    };
    const granted: string[] = [];
    at.site.trouble.onAnswer = async (path, answer) => {
      if (!path.endsWith('/attachments')) return answer;
      const { attachment, upload } = (await answer.json()) as NewAttachment;
      if (upload.kind !== 'parts') throw new Error('Not in parts');
      granted.push(attachment.id);
      // S3 answers 403 to what has expired, as to what it did not sign.
      const expired = granted.length === 1;
      const parts = upload.parts.map(({ number, url }) => ({
        number,
        url: expired && number > 3 ? `${url}&late=1` : url,
      }));
      return Response.json({ attachment, upload: { ...upload, parts } }, { status: 201 });
    };
    await choose(join(folder, 'film.zip'));
    await row('film.zip').getByText('ready').waitFor();
    expect(puts.toSorted((a, b) => Number(a) - Number(b))).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(granted.length).toBeGreaterThan(1);
    expect(new Set(granted).size).toBe(1);
    expect(new Set(at.tab.complaints.map((each) => /status of (\d+)/.exec(each)?.[1]))).toEqual(new Set(['403']));
  });

  it('completes a large file whose completion was not heard of, and sends nothing again', async () => {
    await newItem(at.page);
    const puts: string[] = [];
    at.site.trouble.onCall = ({ action, input }) => {
      if (action === 'UploadPart') puts.push(String(input['PartNumber']));
    };
    let lost = 0;
    at.site.trouble.onAnswer = (path, answer) =>
      path.endsWith('/complete') && ++lost === 1 ? new Response(null, { status: 502 }) : answer;
    await choose(join(folder, 'film.zip'));
    await row('film.zip').getByRole('button', { name: 'Try again' }).click();
    await row('film.zip').getByText('ready').waitFor();
    expect(puts.length).toBe(7);
    expect(lost).toBe(2);
    expectAnswersOnly(at.tab.complaints, [502]);
  });

  it('stops when it is told to', async () => {
    await newItem(at.page);
    const before = at.site.bucket.keys();
    // An answer that never comes.
    await at.page.route(`${at.site.bucketOrigin}/**`, () => undefined);
    await choose(picture('given-up.png'));
    await row('given-up.png').getByRole('button', { name: 'Cancel' }).click();
    await row('given-up.png').waitFor({ state: 'detached' });
    expect(at.site.bucket.keys()).toEqual(before);
    expect(await alert()).toBe('');
  });
});

/** A file that begins as an archive, and ends with a byte of its own. */
function large(name: string, size: number): void {
  const file = openSync(join(folder, name), 'w');
  ftruncateSync(file, size);
  writeSync(file, 'PK\x03\x04');
  writeSync(file, Buffer.from([9]), 0, 1, size - 1);
  closeSync(file);
}
