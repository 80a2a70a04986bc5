import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { addItem, expectAnswersOnly, openItem, signIn } from '../../../fixtures/browser';
import { describeSite } from '../../../fixtures/describe-with';
import { expectEventually } from '../../../fixtures/eventually';
import { siteInBrowser } from './pages-fixture';

/** What the site keeps of a sign-in; see lib/site/sign-in.ts. */
const TOKENS = 'sign-in.tokens';

describeSite('the site in trouble', () => {
  // A refresh token that is good once shows whether two requests renew apart.
  const at = siteInBrowser({ rotatesRefreshTokens: true });
  let people = 0;

  /** Somebody new, without items. */
  const somebody = () => `person-${++people}@example.com`;
  const alert = (page: Page) => page.getByRole('alert');
  const changeTokens = (page: Page, change: string) =>
    page.evaluate(`
      const tokens = JSON.parse(sessionStorage.getItem('${TOKENS}'));
      ${change};
      sessionStorage.setItem('${TOKENS}', JSON.stringify(tokens));
    `);
  const refreshesOf = (page: Page) => {
    const refreshes: string[] = [];
    page.on('request', (request) => {
      if (request.postData()?.includes('grant_type=refresh_token')) refreshes.push(request.url());
    });
    return refreshes;
  };

  it('overwrites nothing that was changed elsewhere, and keeps what was typed until it is told', async () => {
    const user = somebody();
    await signIn(at.page, at.site.origin, user);
    await addItem(at.page, 'Shared', 'first');
    await openItem(at.page, 'Shared');
    const other = await at.another();
    await signIn(other.page, at.site.origin, user);
    await openItem(other.page, 'Shared');
    await other.page.getByLabel('Notes').fill('second');
    await other.page.getByRole('button', { name: 'Save' }).click();
    await other.page.getByText('Version 2').waitFor();

    await at.page.getByLabel('Notes').fill('third');
    await at.page.getByRole('button', { name: 'Save' }).click();
    await alert(at.page).getByText('changed elsewhere').waitFor();
    expect(await at.page.getByLabel('Notes').inputValue()).toBe('third');
    await at.tab.screenshot('9-changed-elsewhere');
    await at.page.getByRole('button', { name: 'Load the latest version' }).click();
    await at.page.getByText('Version 2').waitFor();
    expect(await at.page.getByLabel('Notes').inputValue()).toBe('second');
    await at.page.getByLabel('Notes').fill('second and third');
    await at.page.getByRole('button', { name: 'Save' }).click();
    await at.page.getByText('Version 3').waitFor();
    expectAnswersOnly(at.tab.complaints, [412]);
  });

  it('makes one item of a submission whose answer was lost', async () => {
    await signIn(at.page, at.site.origin, somebody());
    let lost = 0;
    await at.page.route('**/api/items', async (route) => {
      if (route.request().method() !== 'POST' || ++lost > 1) return route.fallback();
      await route.fetch();
      await route.abort();
    });
    await at.page.getByLabel('Title').fill('Once');
    await at.page.getByRole('button', { name: 'Add item' }).click();
    await alert(at.page).getByText('cannot be reached').waitFor();
    expect(await at.page.getByLabel('Title').inputValue()).toBe('Once');
    await at.page.getByRole('button', { name: 'Add item' }).click();
    await at.page.getByRole('link', { name: 'Once' }).waitFor();
    // The next submission of the same text is another.
    await addItem(at.page, 'Twice');
    await at.page.getByLabel('Title').fill('Twice');
    await at.page.getByRole('button', { name: 'Add item' }).click();
    await expectEventually(() => at.page.getByRole('link', { name: 'Twice' }).count()).toBe(2);
    await at.page.reload();
    await at.page.getByRole('link', { name: 'Once' }).waitFor();
    expect(await at.page.locator('.items a').allInnerTexts()).toEqual(['Twice', 'Twice', 'Once']);
  });

  it('asks for what is current after a write, and for what is near before', async () => {
    await signIn(at.page, at.site.origin, somebody());
    // The list that the site shows first is asked for before this. What is typed into a page goes when the next one comes in its place.
    const first = await at.page.getByRole('heading', { name: 'Your items' }).elementHandle();
    const asked: (string | undefined)[] = [];
    at.page.on('request', (request) => {
      if (request.url().endsWith('/api/items') && request.method() === 'GET') {
        asked.push(request.headers()['cache-control']);
      }
    });
    await at.page.getByRole('link', { name: 'Items', exact: true }).click();
    await first?.waitForElementState('hidden');
    expect(asked).toEqual([undefined]);
    await addItem(at.page, 'New');
    await at.page.getByRole('link', { name: 'Items', exact: true }).click();
    await expectEventually(() => asked).toEqual([undefined, 'no-cache']);
  });

  it('renews a token that has expired once, whatever asks for it', async () => {
    await signIn(at.page, at.site.origin, somebody());
    await at.page.getByLabel('Title').fill('After an hour');
    const refreshes = refreshesOf(at.page);
    await changeTokens(at.page, 'tokens.expiresAt = 0');
    await at.page.evaluate("document.querySelector('form').requestSubmit(); document.querySelector('.home').click()");
    await at.page.getByRole('link', { name: 'After an hour' }).or(alert(at.page).locator('p')).first().waitFor();
    await expectEventually(() => refreshes.length).toBe(1);
    await changeTokens(at.page, 'tokens.expiresAt = 0');
    await at.page.reload();
    await at.page.getByRole('link', { name: 'After an hour' }).waitFor();
    expect(refreshes.length).toBe(2);
    expect(at.tab.complaints).toEqual([]);
  });

  it('renews a token that the API refuses, and asks again once', async () => {
    await signIn(at.page, at.site.origin, somebody());
    const refreshes = refreshesOf(at.page);
    await changeTokens(at.page, "tokens.accessToken += 'x'");
    await addItem(at.page, 'Taken nevertheless');
    expect(refreshes.length).toBe(1);
    expectAnswersOnly(at.tab.complaints, [401]);
  });

  it('keeps what was typed when the session has ended, and comes back after the sign-in', async () => {
    const user = somebody();
    await signIn(at.page, at.site.origin, user);
    await addItem(at.page, 'Long read');
    await openItem(at.page, 'Long read');
    const path = new URL(at.page.url()).pathname;
    at.site.login.revoke(user);
    await changeTokens(at.page, 'tokens.expiresAt = 0');
    await at.page.getByLabel('Notes').fill('typed for an hour');
    await at.page.getByRole('button', { name: 'Save' }).click();
    await alert(at.page).getByText('session has ended').waitFor();
    expect(await at.page.getByLabel('Notes').inputValue()).toBe('typed for an hour');
    await at.tab.screenshot('10-session-ended');
    await at.page.getByRole('button', { name: 'Sign in again' }).click();
    await at.page.getByRole('heading', { name: 'Long read', level: 1 }).waitFor();
    expect(new URL(at.page.url()).pathname).toBe(path);
    expectAnswersOnly(at.tab.complaints, [400]);
  });

  it.each([
    ['a stranger began', '?code=stolen&state=foreign'],
    ['nobody began', ''],
    ['the login ended', '?error=access_denied&state=foreign'],
  ])('takes no sign-in that %s', async (_what, query) => {
    const sent: string[] = [];
    at.page.on('request', (request) => sent.push(new URL(request.url()).pathname));
    await at.page.goto(`${at.site.origin}/signed-in${query}`);
    await alert(at.page).getByText('was not started in this tab').waitFor();
    await at.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(sent).not.toContain('/oauth2/token');
    expect(new URL(at.page.url()).pathname).toBe('/');
    expect(new URL(at.page.url()).search).toBe('');
  });

  it.each([
    ['state', 'was not started in this tab'],
    ['code', 'The login refused'],
  ])('takes no answer with another %s than its own', async (name, said) => {
    await at.page.goto(at.site.origin);
    await at.page.getByRole('button', { name: 'Sign in' }).click();
    await at.page.getByLabel('E-mail address').waitFor();
    const login = at.page.url().replace('/oauth2/authorize?', '/login?');
    const body = new URLSearchParams({ username: somebody() });
    const answer = await fetch(login, { method: 'POST', redirect: 'manual', body });
    const back = new URL(answer.headers.get('location') ?? '');
    back.searchParams.set(name, 'other');
    await at.page.goto(back.href);
    await alert(at.page).getByText(said).waitFor();
    expect(await at.page.evaluate(`sessionStorage.getItem('${TOKENS}')`)).toBeNull();
    // What was answered wrongly once is over: the right answer comes too late.
    await at.page.goto(answer.headers.get('location') ?? '');
    await alert(at.page).getByText('was not started in this tab').waitFor();
  });

  it('takes no identity of another sign-in', async () => {
    await at.page.route('**/oauth2/token', async (route) => {
      const response = await route.fetch();
      const tokens = (await response.json()) as { id_token: string };
      const [head, payload = '', signature] = tokens.id_token.split('.');
      const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), nonce: 'replayed' };
      const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
      await route.fulfill({ response, json: { ...tokens, id_token: `${head}.${forged}.${signature}` } });
    });
    await at.page.goto(at.site.origin);
    await at.page.getByRole('button', { name: 'Sign in' }).click();
    await at.page.getByRole('button', { name: 'Sign in' }).click();
    await alert(at.page).getByText('belongs to another sign-in').waitFor();
    expect(await at.page.evaluate(`sessionStorage.getItem('${TOKENS}')`)).toBeNull();
  });

  it('says what it cannot load, and tries again', async () => {
    await signIn(at.page, at.site.origin, somebody());
    let down = true;
    await at.page.route('**/api/items', (route) =>
      down ? route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }) : route.fallback(),
    );
    await at.page.reload();
    await alert(at.page).getByText('The service responded with status 502').waitFor();
    down = false;
    await at.page.getByRole('button', { name: 'Try again' }).click();
    await at.page.getByRole('heading', { name: 'Your items' }).waitFor();
    expect(await alert(at.page).textContent()).toBe('');
    expectAnswersOnly(at.tab.complaints, [502]);
  });

  it('shows nothing to who is not the owner, or guesses an address', async () => {
    await signIn(at.page, at.site.origin, somebody());
    await addItem(at.page, 'Secret');
    await openItem(at.page, 'Secret');
    const url = at.page.url();
    const other = await at.another();
    await signIn(other.page, at.site.origin, somebody());
    await other.page.goto(url);
    await other.page.getByRole('heading', { name: 'could not be loaded' }).waitFor();
    expect(await other.page.locator('body').textContent()).not.toContain('Secret');
    await other.page.goto(`${at.site.origin}/items/a/b`);
    await other.page.getByRole('heading', { name: 'Page not found' }).waitFor();
    await other.page.getByRole('button', { name: 'All items' }).click();
    await other.page.getByRole('heading', { name: 'Your items' }).waitFor();
    expectAnswersOnly(other.complaints, [404]);
  });

  it('shows nothing of a person after the sign-out, also by a step back', async () => {
    await signIn(at.page, at.site.origin, somebody());
    await addItem(at.page, 'Private');
    await openItem(at.page, 'Private');
    await at.page.getByRole('button', { name: 'Sign out' }).click();
    await at.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await at.page.goBack();
    await at.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await at.page.locator('body').textContent()).not.toContain('Private');
    expect(at.tab.complaints).toEqual([]);
  });

  it('goes back and forth by the browser', async () => {
    await signIn(at.page, at.site.origin, somebody());
    await addItem(at.page, 'Way');
    await openItem(at.page, 'Way');
    await at.page.goBack();
    await at.page.getByRole('heading', { name: 'Your items' }).waitFor();
    await at.page.goForward();
    await at.page.getByRole('heading', { name: 'Way', level: 1 }).waitFor();
  });
});
