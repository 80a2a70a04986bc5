import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../../../fixtures/describe-with';
import { expectEventually } from '../../../fixtures/eventually';
import { ragInBrowser } from './pages-fixture';
import { event, eventsOf, streamed, tokensOf } from './scripted-answer-fixture';

const AUDIT = readFileSync(join(__dirname, '../../../fixtures/page-audit.js'), 'utf8');
const WORD = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen';
const NEVER = new Promise<void>(() => undefined);

describeInBrowser('the site for everyone', () => {
  const at = ragInBrowser();
  const focused = (page: Page) =>
    page.evaluate(
      "document.activeElement.id || document.activeElement.getAttribute('aria-label') || document.activeElement.textContent",
    ) as Promise<string>;

  it.each([
    ['wide and light', { viewport: { width: 1024, height: 768 }, colorScheme: 'light' }],
    ['narrow and dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark' }],
    ['as narrow as at four times the size', { viewport: { width: 320, height: 640 }, colorScheme: 'light' }],
  ] as const)('keeps nobody out: %s', async (name, look) => {
    const { state } = at;
    const tab = await at.another(look);
    const { page } = tab;
    const audit = async (what: string) => {
      expect({ [what]: await page.evaluate(AUDIT) }).toEqual({ [what]: [] });
      await tab.screenshot(`${name.replaceAll(/\W+/g, '-')}-${what}`);
    };
    const ask = async (question: string) => {
      await page.getByLabel('Your question').fill(question);
      await page.getByLabel('Your question').press('Enter');
    };
    await page.goto(at.site.origin);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await audit('welcome');
    await at.enter('/', page);
    await audit('ask');

    const citations = [{ number: 1, documentId: 'x', name: `${WORD}.pdf`, excerpt: `${WORD} ${WORD}` }];
    const long = { answer: `${WORD} ${WORD} [1] [1] [1]`, citations };
    state.answers.push(({ conversation, question }) =>
      streamed(eventsOf(state.keep(conversation, { question, ...long }))),
    );
    await ask(`${WORD} ${WORD}`);
    await page.getByRole('button', { name: 'Source 1' }).first().click();
    const guardrail = { action: 'blocked', of: 'answer' } as const;
    state.answers.push(() => streamed(eventsOf({ answer: 'No.', guardrail, citations: [] })));
    await ask('Blocked?');
    await page.locator('.note:visible').waitFor();
    const error = { status: 503, code: 'x', detail: `${WORD} is busy.`, requestId: WORD, retryable: true };
    state.answers.push(() => streamed([...tokensOf('Half'), event('error', error)]));
    await ask('Fails?');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    state.answers.push(() => streamed([...tokensOf('Half an answer'), NEVER]));
    await ask('Still?');
    await page.locator('.streaming', { hasText: 'Half an answer' }).waitFor();
    await audit('conversation');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('You stopped').waitFor();
    await page.getByRole('button', { name: 'Delete conversation' }).click();
    await page.getByRole('dialog').waitFor();
    await audit('delete');
    await page.keyboard.press('Escape');

    await page.getByRole('link', { name: 'Conversations' }).click();
    await page.getByRole('heading', { name: 'Your conversations' }).waitFor();
    await audit('conversations');
    await page.getByRole('link', { name: 'Account' }).click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await audit('account');

    state.document({ name: `${WORD}.pdf` });
    state.document({ name: 'bad.pdf', status: 'failed', reason: `${WORD} is not readable.` });
    state.document({ name: 'going.pdf', status: 'deleting' });
    await page.getByRole('link', { name: 'Documents' }).click();
    await page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor();
    await page.route('**/api/documents', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.fallback(),
    );
    const file = { name: `${WORD}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x') };
    await page.getByLabel('Add documents').setInputFiles(file);
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await audit('documents');
  });

  it('is all there for a keyboard', async () => {
    const { page, tab } = at;
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await at.enter();
    expect(await focused(page)).toBe('Ask your documents');
    await press('Tab');
    expect(await focused(page)).toBe('question');
    await page.keyboard.type('How many?');
    await press('Tab');
    expect(await focused(page)).toBe('Ask');
    at.state.answers.push(() => streamed([...tokensOf('Half'), NEVER]));
    await press('Enter');
    // Where "Ask" was is "Stop"; whoever stops goes on with the next question.
    expect(await focused(page)).toBe('Stop');
    await page.locator('.streaming', { hasText: 'Half' }).waitFor();
    await press('Enter');
    await page.getByText('You stopped this answer').waitFor();
    expect(await focused(page)).toBe('question');
    await press('Tab', 'Tab');
    expect(await focused(page)).toBe('Try again');
    await press('Enter');
    await at.answered();
    expect(await focused(page)).toBe('question');
    await press('Tab', 'Tab');
    expect(await focused(page)).toBe('Source 1');
    await press('Enter');
    expect(await focused(page)).toContain('harbour.md');
    await press('Tab');
    expect(await focused(page)).toBe('Download harbour.md');
    await press('Tab');
    expect(await focused(page)).toContain('boats.pdf');
    await press('Tab');
    expect(await focused(page)).toBe('Delete conversation');
    await press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(await focused(page)).toBe('Keep it');
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await focused(page)).toBe('Delete conversation');
    await press('Enter', 'Tab', 'Enter');
    await page.getByRole('heading', { name: 'Your conversations' }).waitFor();
    await expectEventually(() => focused(page)).toBe('Your conversations');
    await press('Shift+Tab');
    expect(await focused(page)).toBe('Account');
    expect(tab.complaints).toEqual([]);
  });

  it('moves nothing for whom movement is too much, and is gone from no one else', async () => {
    const animations = (page: Page) => page.evaluate('document.getAnimations().length');
    for (const [reducedMotion, moving] of [
      ['reduce', 0],
      ['no-preference', 1],
    ] as const) {
      const { page } = await at.another({ reducedMotion });
      await at.enter('/', page);
      at.state.answers.push(() => streamed([...tokensOf('Half'), NEVER]));
      await page.getByLabel('Your question').fill('Does it move?');
      await page.getByLabel('Your question').press('Enter');
      await page.locator('.streaming', { hasText: 'Half' }).waitFor();
      expect({ reducedMotion, moving: await animations(page) }).toEqual({ reducedMotion, moving });
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByText('You stopped').waitFor();
      expect(await animations(page)).toBe(0);
    }
  });

  it('says where one is, and without scripts that it needs them', async () => {
    await at.enter('/documents');
    expect(await at.page.locator('[aria-current=page]').allTextContents()).toEqual(['Documents']);
    const tab = await at.another({ javaScriptEnabled: false });
    await tab.page.goto(at.site.origin);
    expect(await tab.page.getByRole('main').textContent()).toContain('needs JavaScript');
  });
});
