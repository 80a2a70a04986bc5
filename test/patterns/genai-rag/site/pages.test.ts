import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { expectAnswersOnly } from '../../../fixtures/browser';
import { describeInBrowser } from '../../../fixtures/describe-with';
import { expectEventually } from '../../../fixtures/eventually';
import { ragInBrowser } from './pages-fixture';
import { ANSWER } from './scripted-answer-fixture';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describeInBrowser('the site in a browser', () => {
  const at = ragInBrowser();
  const place = (page = at.page) => new URL(page.url()).pathname;

  it('takes a person from the sign-in to the sign-out without a complaint', async () => {
    const { site, tab, page, state } = at;
    await at.enter();
    await tab.screenshot('1-ask');
    expect(await page.getByRole('banner').textContent()).toContain('ada@example.com');

    await page.getByRole('link', { name: 'Documents' }).click();
    await page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor();
    expect(await page.getByText('Everyone in').textContent()).toContain('“harbour” can see these documents');
    const file = { name: 'harbour.md', mimeType: '', buffer: Buffer.from('# Nine cranes') };
    await page.getByLabel('Add documents').setInputFiles(file);
    const row = page.locator('main > .files li', { hasText: 'harbour.md' });
    await row.getByText('being ingested').waitFor();
    const [key, sent] = [...site.bucket.files][0] ?? [];
    expect(key).toBe(`uploads/t-harbour/${state.documents[0]?.id}`);
    expect(sent?.content.toString()).toBe('# Nine cranes');
    expect(sent?.fields.at(-1)).toBe('file');
    expect(state.documents[0]).toMatchObject({ name: 'harbour.md', contentType: 'text/markdown', size: 13 });
    state.change('harbour.md', { status: 'indexed' });
    await row.getByText('ready for questions').waitFor();

    await page.getByRole('link', { name: 'Answers', exact: true }).click();
    await at.ask('How many cranes?');
    await at.answered();
    expect(await page.locator('.answer').textContent()).toBe(ANSWER.answer.replaceAll(/\[(\d)\]/g, '$1'));
    const [asked] = state.asked;
    expect(asked).toMatchObject({ question: 'How many cranes?', accept: 'text/event-stream' });
    expect(asked?.conversation).toMatch(UUID_V7);
    expect(place()).toBe(`/conversations/${asked?.conversation}`);
    expect(await page.title()).toBe('How many cranes?');
    await page.getByText('41,234 of 200,000 tokens used today').waitFor();
    await page.getByText('1,200 tokens read, 34 written').waitFor();

    const source = page.getByRole('group').filter({ hasText: 'harbour.md' });
    expect(await source.getByText('nine cranes').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Source 1' }).click();
    expect(await source.getByText('The harbour has nine cranes.').isVisible()).toBe(true);
    await tab.screenshot('2-answer');
    state.document({ id: 'doc-harbour', name: 'harbour.md' });
    const download = page.waitForEvent('download');
    await source.getByRole('button', { name: 'Download harbour.md' }).click();
    expect((await download).suggestedFilename()).toBe('harbour.md');
    expect(readFileSync(await (await download).path(), 'utf8')).toBe('of an earlier time');

    await at.ask('And boats?');
    await expectEventually(() => page.getByRole('heading', { level: 2 }).allTextContents()).toContain('And boats?');
    await expectEventually(() => page.getByRole('heading', { name: 'Sources' }).count()).toBe(2);
    expect(state.asked[1]?.conversation).toBe(asked?.conversation);
    expect(state.asked[1]?.key).not.toBe(asked?.key);

    await page.reload();
    await page.getByRole('heading', { name: 'How many cranes?', level: 1 }).waitFor();
    expect(await page.locator('.exchanges h2').allTextContents()).toEqual(['And boats?', 'How many cranes?']);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual([]);
    await page.goBack();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.locator('body').textContent()).not.toContain('cranes');
    expect(tab.complaints).toEqual([]);
  });

  it('lists, opens and deletes conversations', async () => {
    const { page, state } = at;
    for (let number = 0; number < 5; number += 1)
      state.keep(`conversation-${number}`, { question: `Question ${number}` });
    state.pageSize = 3;
    await at.enter('/conversations');
    const links = page.locator('.items a');
    expect(await links.allTextContents()).toEqual(['Question 4', 'Question 3', 'Question 2']);
    await page.getByRole('button', { name: 'Load more' }).click();
    await expectEventually(() => links.count()).toBe(5);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Question 1');
    expect(await page.getByRole('button', { name: 'Load more' }).isVisible()).toBe(false);

    await page.getByRole('button', { name: 'Delete Question 3' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    expect(state.conversations.length).toBe(5);
    await page.getByRole('button', { name: 'Delete Question 3' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete conversation' }).click();
    await expectEventually(() => links.allTextContents()).not.toContain('Question 3');
    expect(state.conversations.map(({ id }) => id)).not.toContain('conversation-3');
    // The button that was pressed is gone, and the focus begins anew.
    await expectEventually(() => page.evaluate('document.activeElement.textContent')).toBe('Your conversations');

    await page.getByRole('link', { name: 'Question 0' }).click();
    await page.getByRole('heading', { name: 'Question 0', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Delete conversation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete conversation' }).click();
    await page.getByRole('heading', { name: 'Your conversations' }).waitFor();
    await expectEventually(() => page.getByRole('status').textContent()).toBe('Conversation deleted');
    expect(await links.allTextContents()).toEqual(['Question 4', 'Question 2', 'Question 1']);
    await page.goBack();
    await page.getByRole('heading', { name: 'could not be loaded' }).waitFor();
    expectAnswersOnly(at.tab.complaints, [404]);
  });

  it('shows the earlier questions of a long conversation, and how each was answered', async () => {
    const { page, state } = at;
    state.pageSize = 2;
    state.keep('long', { question: 'First', answer: 'Cut', outcome: 'length', citations: [] });
    state.keep('long', { question: 'Second', answer: 'No.', guardrail: { action: 'blocked', of: 'question' } });
    state.keep('long', { question: 'Third', answer: 'Call {PHONE}', guardrail: { action: 'masked' } });
    state.keep('long', { question: 'Fourth', answer: 'I found nothing.', outcome: 'nothing_found', citations: [] });
    await at.enter('/conversations/long');
    const exchanges = page.locator('.exchanges > li');
    expect(await exchanges.locator('h2').allTextContents()).toEqual(['Fourth', 'Third']);
    await page.getByRole('button', { name: 'Earlier questions' }).click();
    await expectEventually(() => exchanges.count()).toBe(4);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Second');
    expect(await page.locator('.note').allTextContents()).toEqual([
      'No passage of the documents matches the question.',
      'Personal data was hidden in this answer.',
      'The guardrail blocked the question.',
      'The answer ends here because it reached the maximum length.',
    ]);
    expect(await page.getByRole('button', { name: 'Earlier questions' }).isVisible()).toBe(false);
    expect(at.tab.complaints).toEqual([]);
  });

  it('shows what of the day is used, and deletes all of a person', async () => {
    const { page, state } = at;
    state.keep('one', { question: 'Mine' });
    state.forgetting = 3;
    await at.enter('/account');
    await page.getByText('12,000 of 200,000 tokens used today').waitFor();
    await page.getByRole('button', { name: 'Delete my data' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    expect(state.requests).not.toContain('DELETE /api/me');
    await page.getByRole('button', { name: 'Delete my data' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete my data' }).click();
    await expectEventually(() => page.getByRole('status').textContent()).toBe('Your conversations are deleted');
    expect(state.requests.filter((each) => each === 'DELETE /api/me').length).toBe(3);
    await page.getByRole('link', { name: 'Conversations' }).click();
    await page.getByText('Nothing here yet').waitFor();
    expect(at.tab.complaints).toEqual([]);
  });

  it('leads nobody to a page that is none', async () => {
    await at.enter('/documents/x');
    await at.page.getByRole('heading', { name: 'Page not found' }).waitFor();
    await at.page.getByRole('button', { name: 'Ask a question' }).click();
    await at.page.getByRole('heading', { name: 'Ask your documents' }).waitFor();
    expect(at.tab.complaints).toEqual([]);
  });
});
