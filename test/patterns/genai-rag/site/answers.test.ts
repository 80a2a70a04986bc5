import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { expectAnswersOnly } from '../../../fixtures/browser';
import { describeInBrowser } from '../../../fixtures/describe-with';
import { expectEventually } from '../../../fixtures/eventually';
import { ragInBrowser } from './pages-fixture';
import { endOf, event, eventsOf, type Piece, problem, streamed, tokensOf } from './scripted-answer-fixture';

/** Something that a test lets happen when it wants to. */
function gate(): { readonly opened: Promise<void>; open(): void; shut(error: Error): void } {
  let open = () => {};
  let shut: (error: Error) => void = () => undefined;
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve;
    shut = reject;
  });
  return { opened, open, shut };
}

describeInBrowser('answers in a browser', () => {
  const at = ragInBrowser({ rotatesRefreshTokens: true });
  const answer = (page: Page = at.page) => page.locator('.answer').first();
  const exchange = (question: string) => at.page.locator('.exchanges > li', { hasText: question });
  const again = () => at.page.getByRole('button', { name: 'Try again' });
  const askButton = () => at.page.getByRole('button', { name: 'Ask', exact: true });
  const stopButton = () => at.page.getByRole('button', { name: 'Stop' });
  /** Waits for an answer that went well. */
  const wellAnswered = async () => {
    await at.answered();
    expect(await at.page.getByRole('heading', { name: 'Sources' }).count()).toBe(1);
    expect(await again().count()).toBe(0);
  };
  const script = (...pieces: readonly Piece[]) => at.state.answers.push(() => streamed(pieces));

  it('shows an answer while it comes, and says it once to a screen reader', async () => {
    const { page } = at;
    await at.enter();
    await page.evaluate(`
      window.heard = [];
      for (const region of document.querySelectorAll('[aria-live], [role=status], [role=alert]'))
        new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true, subtree: true, characterData: true });
    `);
    const middle = gate();
    const [first = '', ...rest] = tokensOf('Slow and steady [1].');
    script(first, ':\n\n', middle.opened, ...rest, ...endOf());
    await at.ask('How does it come?');
    await expectEventually(() => answer().textContent()).toBe('Slow');
    expect(await page.getByLabel('Your question').inputValue()).toBe('');
    expect(await stopButton().isVisible()).toBe(true);
    expect(await askButton().isVisible()).toBe(false);
    // Nobody asks twice at once; what is typed meanwhile stays.
    await page.getByLabel('Your question').fill('Next');
    await page.getByLabel('Your question').press('Enter');
    expect(at.state.asked.length).toBe(1);
    middle.open();
    await at.answered();
    expect(await page.getByLabel('Your question').inputValue()).toBe('Next');
    expect(await answer().textContent()).toBe('Slow and steady 1.');
    expect(await page.evaluate('heard')).toEqual(['The answer is being written.', 'Slow and steady [1].']);
    expect(await page.locator('.exchanges').evaluate((list) => list.closest('[aria-live]'))).toBeNull();
    expect(at.tab.complaints).toEqual([]);
  });

  it('takes a stream that was split anywhere', async () => {
    const { page } = at;
    // Each byte by itself, in the page: what lies between may put them together again.
    await page.addInitScript(`
      const ask = window.fetch;
      window.fetch = async (...request) => {
        const response = await ask(...request);
        if (!response.headers.get('content-type')?.includes('event-stream')) return response;
        const bytes = new TransformStream({ transform: (chunk, controller) => chunk.forEach((byte) => controller.enqueue(Uint8Array.of(byte))) });
        return new Response(response.body.pipeThrough(bytes), response);
      };
    `);
    await at.enter();
    const text = '日本の港 – naïve “quotes” 🚢👩‍👩‍👧\n\n\tand [2][1] [7] \\n {"text":"x"}\n\ndata: no event';
    script(eventsOf({ answer: text }).join('').replaceAll('\n', '\r\n'));
    await at.ask('How is it split?');
    await at.answered();
    expect(await answer().textContent()).toBe(tokensText(text).replaceAll(/\[([12])\]/g, '$1'));
    expect(await answer().getByRole('button').allTextContents()).toEqual(['2', '1']);
    await page.getByRole('button', { name: 'Source 2' }).click();
    expect(await page.locator('details[open]').textContent()).toContain('Boats come at high tide.');
    expect(await page.evaluate('document.activeElement.textContent')).toContain('boats.pdf');
    expect(at.tab.complaints).toEqual([]);
  });

  it.each([
    ['the answer', { action: 'blocked', of: 'answer' }, 'The guardrail blocked the answer.'],
    ['the question', { action: 'blocked', of: 'question' }, 'The guardrail blocked the question.'],
  ] as const)('shows what the guardrail says in place of %s that it blocked', async (_what, guardrail, note) => {
    await at.enter();
    const middle = gate();
    const text = 'I cannot speak of this.';
    const end = endOf({ answer: text, guardrail, citations: [], outcome: 'blocked' });
    script(...tokensOf('The secret is'), middle.opened, ...end);
    await at.ask('What is the secret?');
    await expectEventually(() => answer().textContent()).toBe('The secret is');
    middle.open();
    await exchange('secret').getByText(note).waitFor();
    expect(await answer().textContent()).toBe(text);
    expect(await at.page.locator('body').textContent()).not.toContain('The secret is');
    expect(await at.page.locator('#spoken').textContent()).toBe(text);
    expect(at.tab.complaints).toEqual([]);
  });

  it('tries again with the same key after an answer that ended in an error', async () => {
    await at.enter();
    const error = {
      status: 503,
      code: 'model_throttled',
      detail: 'The model is busy.',
      requestId: 'r-7',
      retryable: true,
    };
    script(...tokensOf('Half an'), event('error', error));
    await at.ask('Will it end?');
    await exchange('Will it end?').getByText('The model is busy.').waitFor();
    await exchange('Will it end?').getByText('Request r-7').waitFor();
    expect(await at.page.locator('#spoken').textContent()).toBe('The model is busy.');
    expect(await at.page.getByLabel('Your question').inputValue()).toBe('');
    await at.tab.screenshot('3-error');
    await again().click();
    await wellAnswered();
    expect(await answer().textContent()).not.toContain('Half');
    expect(await again().isVisible()).toBe(false);
    const [first, second] = at.state.asked;
    expect(second).toEqual(first);
    expect(at.state.asked.length).toBe(2);
    expect(at.tab.complaints).toEqual([]);
  });

  it.each([
    ['a stream that ends too soon', (): Response => streamed(tokensOf('Half')), []],
    ['a stream that is none', (): Response => streamed(['event: token\ndata: {"te\n\n']), []],
    [
      'a page in its place',
      (): Response => new Response('<h1>Hello</h1>', { headers: { 'content-type': 'text/html' } }),
      [],
    ],
    ['too many questions', (): Response => problem(429, 'too_many_questions', 'You ask too fast.'), [429]],
    ['the first try, still at work', (): Response => problem(409, 'in_progress', 'It is being answered.'), [409]],
    ['a gateway', (): Response => new Response('<h1>Bad gateway</h1>', { status: 502 }), [502]],
  ])('tries again with the same key after %s', async (_what, first, statuses) => {
    await at.enter();
    at.state.answers.push(first);
    await at.ask('Will it end?');
    await again().click();
    await wellAnswered();
    expect(new Set(at.state.asked.map(({ key }) => key)).size).toBe(1);
    expect(at.state.asked.length).toBe(2);
    expectAnswersOnly(at.tab.complaints, statuses);
  });

  it('tries again with the same key after a connection that broke', async () => {
    await at.enter();
    const breaks = gate();
    script(...tokensOf('Half'), breaks.opened);
    await at.ask('Will it end?');
    await expectEventually(() => answer().textContent()).toBe('Half');
    // The server says so, too.
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    breaks.shut(new Error('broken'));
    await exchange('Will it end?').getByText('The connection was closed before the answer was complete.').waitFor();
    told.mockRestore();
    await at.page.route('**/messages', (route) => route.abort());
    await again().click();
    await exchange('Will it end?').getByText('cannot be reached').waitFor();
    await at.page.unroute('**/messages');
    await again().click();
    await wellAnswered();
    expect(new Set(at.state.asked.map(({ key }) => key)).size).toBe(1);
    expect(at.state.asked.length).toBe(2);
  });

  it.each([
    ['before', (): Response => problem(400, 'invalid_request', 'question: not that one'), [400]],
    [
      'after',
      (): Response =>
        streamed([
          event('error', {
            status: 502,
            code: 'model_unavailable',
            detail: 'question: not that one',
            requestId: 'r',
            retryable: false,
          }),
        ]),
      [],
    ],
  ])('gives a question back that is refused for good, %s the answer begins', async (_when, refusal, statuses) => {
    await at.enter();
    at.state.answers.push(refusal);
    await at.ask('Is this one?');
    await exchange('Is this one?').getByText('question: not that one').waitFor();
    expect(await again().count()).toBe(0);
    expect(await at.page.getByLabel('Your question').inputValue()).toBe('Is this one?');
    expect(new URL(at.page.url()).pathname).toBe('/');
    await askButton().click();
    await wellAnswered();
    expect(new Set(at.state.asked.map(({ key }) => key)).size).toBe(2);
    expect(new Set(at.state.asked.map(({ conversation }) => conversation)).size).toBe(1);
    expectAnswersOnly(at.tab.complaints, statuses);
  });

  it('stops, and shows what was kept nevertheless when it is asked for again', async () => {
    await at.enter();
    const stopped = gate();
    at.state.answers.push(() => streamed([...tokensOf('Half'), new Promise(() => undefined)], stopped.open));
    await at.ask('Can it be stopped?');
    await expectEventually(() => answer().textContent()).toBe('Half');
    await stopButton().press('Enter');
    // Not only out of sight: the connection is given up.
    await stopped.opened;
    await exchange('Can it be stopped?').getByText('You stopped this answer').waitFor();
    expect(await at.page.evaluate('document.activeElement.id')).toBe('question');
    await again().click();
    await wellAnswered();
    expect(new Set(at.state.asked.map(({ key }) => key)).size).toBe(1);
    expect(at.tab.complaints).toEqual([]);
  });

  it('gives up an answer whose page is left, and says nothing of it', async () => {
    await at.enter();
    const stopped = gate();
    at.state.answers.push(() => streamed([...tokensOf('Half'), new Promise(() => undefined)], stopped.open));
    await at.ask('Who reads this?');
    await expectEventually(() => answer().textContent()).toBe('Half');
    await at.page.getByRole('link', { name: 'Documents' }).click();
    await stopped.opened;
    await at.page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor();
    expect(await at.page.getByRole('alert').textContent()).toBe('');
    expect(at.tab.complaints).toEqual([]);
  });

  it('stays where it is when a keyboard skips to the content of an answered page', async () => {
    await at.enter();
    await at.ask('Where am I?');
    await wellAnswered();
    await at.page.getByLabel('Your question').fill('Half a question');
    await at.page.getByRole('link', { name: 'Skip to content' }).focus();
    await at.page.keyboard.press('Enter');
    await expectEventually(() => at.page.evaluate('document.activeElement.id')).toBe('main');
    expect(await at.page.getByLabel('Your question').inputValue()).toBe('Half a question');
  });

  it('gives a question back when the session has ended', async () => {
    await at.enter();
    at.site.login.revoke('ada@example.com');
    await at.page.evaluate(`
      const tokens = JSON.parse(sessionStorage.getItem('sign-in.tokens'));
      sessionStorage.setItem('sign-in.tokens', JSON.stringify({ ...tokens, expiresAt: 0 }));
    `);
    await at.ask('Am I still here?');
    await at.page.getByRole('alert').getByText('session has ended').waitFor();
    expect(await at.page.getByLabel('Your question').inputValue()).toBe('Am I still here?');
    await at.page.getByRole('button', { name: 'Sign in again' }).click();
    await at.page.getByRole('heading', { name: 'Ask your documents' }).waitFor();
    expectAnswersOnly(at.tab.complaints, [400]);
  });

  it('begins a line by Shift and Enter, and asks by Enter, but not within a word', async () => {
    await at.enter();
    const field = at.page.getByLabel('Your question');
    await field.press('Enter');
    await field.pressSequentially('One');
    await field.press('Shift+Enter');
    await field.pressSequentially('two');
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    expect(at.state.asked).toEqual([]);
    await field.press('Enter');
    await wellAnswered();
    expect(at.state.asked.map(({ question }) => question)).toEqual(['One\ntwo']);
    await field.fill('ä'.repeat(1001));
    expect((await field.inputValue()).length).toBeLessThanOrEqual(1001);
    expect(await field.getAttribute('maxlength')).toBe('1000');
  });
});

/** What the tokens of a text say: white space at its end belongs to none. */
function tokensText(text: string): string {
  return (text.match(/\s*\S+/g) ?? []).join('');
}
