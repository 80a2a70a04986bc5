import { expect, it } from 'vitest';
import { LARGEST_DOCUMENT_BYTES } from '../../../../patterns/genai-rag/contract';
import { expectAnswersOnly } from '../../../fixtures/browser';
import { describeInBrowser } from '../../../fixtures/describe-with';
import { expectEventually } from '../../../fixtures/eventually';
import { ragInBrowser } from './pages-fixture';
import { problem } from './scripted-answer-fixture';

const TEXT = Buffer.alloc(300_000, 'Nine cranes. ');
const file = (name: string, buffer: Buffer = TEXT, mimeType = 'text/plain') => ({ name, mimeType, buffer });

describeInBrowser('documents in a browser', () => {
  const at = ragInBrowser();
  const choose = (...files: ReturnType<typeof file>[]) => at.page.getByLabel('Add documents').setInputFiles(files);
  const upload = (name: string) => at.page.locator('section li', { hasText: name });
  const rows = () => at.page.locator('main > .files > li');
  const row = (name: string) => rows().filter({ hasText: name });
  const alert = () => at.page.getByRole('alert');

  it('shows how far a document is', async () => {
    const { page } = at;
    await at.enter('/documents');
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
    await choose(file('slow.txt'));
    await row('slow.txt').getByText('being ingested').waitFor();
    await expectEventually(() => page.getByRole('status').textContent()).toBe(
      'slow.txt is uploaded, and being ingested',
    );
    const seen = (await page.evaluate('seen')) as number[];
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    expect(seen.filter((sent) => sent > 0 && sent < TEXT.length).length).toBeGreaterThan(0);
    expect(Math.max(...seen)).toBe(TEXT.length);
    expect(await upload('slow.txt').count()).toBe(0);
    expect(at.tab.complaints).toEqual([]);
  });

  it('refuses what cannot be read before anything is sent, and takes the rest', async () => {
    await at.enter('/documents');
    await choose(file('film.mp4', TEXT, 'video/mp4'));
    await alert().getByText('“film.mp4” is not a supported kind of document').waitFor();
    await choose(file('empty.txt', Buffer.alloc(0)));
    await alert().getByText('“empty.txt” is empty').waitFor();
    // No test sends so many bytes: the page only looks at what the file says.
    await at.page.evaluate(
      "Object.defineProperty(File.prototype, 'size', { configurable: true, get: () => 60 * 1024 ** 2 })",
    );
    await choose(file('huge.txt'));
    await alert().getByText('“huge.txt” is too large (60.0 MB)').waitFor();
    expect(60 * 1024 ** 2).toBeGreaterThan(LARGEST_DOCUMENT_BYTES);
    await at.page.reload();
    expect(at.state.keys).toEqual([]);

    await choose(
      file('a.csv', TEXT, 'application/vnd.ms-excel'),
      file('film.mp4', TEXT, 'video/mp4'),
      file('B.MD', TEXT, ''),
    );
    await row('B.MD').getByText('being ingested').waitFor();
    await row('a.csv').getByText('being ingested').waitFor();
    // What goes well besides does not take away what is to be read.
    expect(await alert().textContent()).toContain('“film.mp4” is not a supported kind of document');
    expect(at.state.documents.map(({ contentType }) => contentType)).toEqual(['text/markdown', 'text/csv']);
    expect(await row('film.mp4').count()).toBe(0);
    expect(at.tab.complaints).toEqual([]);
  });

  it('tries an upload again with the same key, and gives up what is refused for good', async () => {
    await at.enter('/documents');
    at.site.bucket.refusals.push({ status: 403, code: 'AccessDenied' });
    await choose(file('twice.txt'), file('other.txt'));
    await alert().getByText('“twice.txt” was rejected: the upload permission has expired').waitFor();
    // The next of them waits for nobody.
    await row('other.txt').getByText('being ingested').waitFor();
    expect(await alert().textContent()).toContain('“twice.txt” was rejected');
    await upload('twice.txt').getByRole('button', { name: 'Try again' }).click();
    await row('twice.txt').waitFor();
    expect(at.state.keys.length).toBe(3);
    expect(new Set(at.state.keys).size).toBe(2);
    expect(at.state.keys[0]).toBe(at.state.keys[2]);

    at.state.instead = (method) => (method === 'POST' ? problem(413, 'too_large', '1 MB is the most.') : undefined);
    await choose(file('large.txt'));
    await alert().getByText('“large.txt” is too large (293 KB). 1 MB is the most.').waitFor();
    await expectEventually(() => upload('large.txt').count()).toBe(0);
    expectAnswersOnly(at.tab.complaints, [403, 413]);
  });

  it('stops an upload when it is told to', async () => {
    await at.enter('/documents');
    await at.page.route(`${at.site.bucketOrigin}/**`, () => undefined);
    await choose(file('given-up.txt'));
    await upload('given-up.txt').getByRole('button', { name: 'Cancel' }).click();
    await upload('given-up.txt').waitFor({ state: 'detached' });
    expect(await rows().count()).toBe(0);
    expect(await alert().textContent()).toBe('');
  });

  it('tells what becomes of documents while it is open, and asks no more when all is settled', async () => {
    const { page, state } = at;
    await page.clock.install();
    state.document({ name: 'old.pdf', status: 'indexed' });
    state.document({ name: 'good.pdf', status: 'pending' });
    state.document({ name: 'bad.pdf', status: 'pending' });
    state.document({ name: 'gone.pdf', status: 'deleting' });
    await at.enter('/documents');
    expect(await rows().locator('.name').allTextContents()).toEqual(['gone.pdf', 'bad.pdf', 'good.pdf', 'old.pdf']);
    expect(await row('good.pdf').getByRole('button', { name: 'Download' }).count()).toBe(0);
    expect(await row('old.pdf').getByRole('button', { name: 'Download old.pdf' }).isVisible()).toBe(true);
    expect(await row('gone.pdf').getByRole('button', { name: 'Delete' }).count()).toBe(0);
    await row('old.pdf').getByRole('button', { name: 'Download old.pdf' }).focus();
    state.change('good.pdf', { status: 'indexed' });
    state.change('bad.pdf', { status: 'failed', reason: 'The file is encrypted.' });
    state.documents = state.documents.filter(({ name }) => name !== 'gone.pdf');
    state.document({ name: 'of-another.pdf', status: 'indexed', createdAt: '2026-11-24T00:00:00.000Z' });
    await row('good.pdf').getByText('ready for questions').waitFor();
    await row('bad.pdf').getByText('not read: The file is encrypted.').waitFor();
    await expectEventually(() => row('gone.pdf').count()).toBe(0);
    expect(await rows().locator('.name').allTextContents()).toEqual([
      'of-another.pdf',
      'bad.pdf',
      'good.pdf',
      'old.pdf',
    ]);
    expect((await page.getByRole('status').textContent())?.split('\n')).toEqual([
      'bad.pdf is not read: The file is encrypted.',
      'good.pdf is ready for questions',
    ]);
    // What changes takes nobody's focus.
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe('Download old.pdf');
    const looks = () => state.requests.filter((each) => each === 'GET /api/documents').length;
    const before = looks();
    await page.clock.fastForward('05:00');
    await page.evaluate("fetch('/api/me')");
    await expectEventually(() => state.requests.at(-1)).toBe('GET /api/me');
    expect(looks()).toBe(before);
    expectAnswersOnly(at.tab.complaints, [401]);
  });

  it('keeps a document that a list does not show yet, and lets none that is deleted come back', async () => {
    const { page, state } = at;
    await page.clock.install();
    await at.enter('/documents');
    /** Waits until the page has looked once more, at what there is now. */
    const look = async () => {
      const answered = page.waitForResponse((response) => response.url().includes('/api/documents?'));
      await page.clock.fastForward(20_000);
      await (await answered).finished();
      await page.evaluate('new Promise(requestAnimationFrame)');
    };
    await choose(file('new.txt'));
    await row('new.txt').waitFor();
    const [made] = state.documents;
    if (made === undefined) throw new Error('Nothing was made');
    state.documents = [];
    await look();
    expect(await row('new.txt').count()).toBe(1);
    state.documents = [{ ...made, status: 'indexed' }];
    await look();
    await row('new.txt').getByText('ready for questions').waitFor();

    await row('new.txt').getByRole('button', { name: 'Delete new.txt' }).click();
    await page.getByRole('button', { name: 'Delete document' }).click();
    await row('new.txt').getByText('being deleted').waitFor();
    state.change('new.txt', { status: 'indexed' });
    await look();
    expect(await row('new.txt').getByText('being deleted').count()).toBe(1);
    state.documents = [];
    await look();
    await page.getByText('No documents yet').waitFor();

    // What is missed twice has gone another way.
    await choose(file('lost.txt'));
    await row('lost.txt').waitFor();
    state.documents = [];
    await look();
    expect(await row('lost.txt').count()).toBe(1);
    await look();
    await page.getByText('No documents yet').waitFor();
  });

  it('asks before it deletes a document, and says for whom', async () => {
    const { page, state } = at;
    for (let number = 0; number < 5; number += 1) state.document({ name: `${number}.pdf` });
    state.pageSize = 2;
    await at.enter('/documents');
    await page.getByRole('button', { name: 'Load more' }).click();
    await expectEventually(() => rows().count()).toBe(4);
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe('Download 2.pdf');
    await row('2.pdf').getByRole('button', { name: 'Delete 2.pdf' }).click();
    await page.getByRole('dialog').getByText('deleted for everyone who can see it').waitFor();
    await page.keyboard.press('Escape');
    expect(state.requests.filter((each) => each.startsWith('DELETE'))).toEqual([]);
    await row('2.pdf').getByRole('button', { name: 'Delete 2.pdf' }).click();
    await page.getByRole('button', { name: 'Delete document' }).click();
    await row('2.pdf').getByText('being deleted').waitFor();
    await expectEventually(() => page.getByRole('status').textContent()).toBe('2.pdf is being deleted');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Documents');
    // It lies on the second page of the list, which is read as far as that.
    state.documents = state.documents.filter(({ name }) => name !== '2.pdf');
    await expectEventually(() => row('2.pdf').count()).toBe(0);
    expect(await rows().locator('.name').allTextContents()).toEqual(['4.pdf', '3.pdf', '1.pdf', '0.pdf']);
    expect(at.tab.complaints).toEqual([]);
  });

  it('says who sees the documents', async () => {
    at.state.tenant = 'u-5f1c7bde-0000-4000-8000-000000000000';
    await at.enter('/documents');
    await at.page.getByText('only you can see these documents').waitFor();
    expect(await at.page.getByRole('main').textContent()).not.toContain('5f1c7bde');
  });
});
