import { ApiClient, ApiProblem } from '../../../lib/site/api-client';
import { element } from '../../../lib/site/element';
import { SignedOut, SignIn } from '../../../lib/site/sign-in';
import { loadSiteConfig } from '../../../lib/site/site-config';
import { CALLBACK_PATH, LOGIN_SCOPES, SIGNED_OUT_PATH, type SiteConfig } from '../contract';
import { clearMessages, warn, warnOf } from './announce';
import { itemPage } from './item-page';
import { ItemsApi } from './items-api';
import { listPage } from './list-page';
import type { Page, Site } from './page';
import { failedPage, missingPage, welcomePage } from './plain-pages';

/** Shows the page of the address, and says what goes wrong on the way. */
class WebApp implements Site {
  readonly api: ItemsApi;
  private leave = new AbortController();
  private shown = '';

  constructor(
    private readonly signIn: SignIn,
    private readonly header: HTMLElement,
    private readonly main: HTMLElement,
  ) {
    this.api = new ItemsApi(new ApiClient(signIn));
    // A jump within the page, as to its main part, is none to another.
    window.addEventListener('popstate', () => location.pathname !== this.shown && this.goTo());
    // A browser may keep a page whole and show it again: it must not show what belongs to who has signed out.
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.goTo());
  }

  async start(): Promise<void> {
    if (location.pathname === CALLBACK_PATH) {
      const answer = new URLSearchParams(location.search);
      // The code is used up now: a reload or a step back must not show it to the login again.
      const returnTo = await this.signIn.finish(answer).catch((error: unknown) => {
        warnOf(error);
        return '/';
      });
      history.replaceState(null, '', returnTo);
    }
    await this.show();
  }

  open(path: string): void {
    history.pushState(null, '', path);
    this.goTo();
  }

  async run(control: HTMLButtonElement, action: () => Promise<void>): Promise<void> {
    // Not `disabled`, which takes the focus away from who presses it.
    if (control.getAttribute('aria-disabled') === 'true') return;
    control.setAttribute('aria-disabled', 'true');
    try {
      clearMessages();
      await action();
    } catch (error) {
      this.complain(error);
    } finally {
      control.removeAttribute('aria-disabled');
    }
  }

  private goTo(): void {
    clearMessages();
    void this.show();
  }

  private async show(): Promise<void> {
    this.leave.abort();
    const leave = new AbortController();
    this.leave = leave;
    this.main.setAttribute('aria-busy', 'true');
    const page = await this.page(leave.signal).catch((error: unknown) => {
      if (!leave.signal.aborted) this.complain(error);
      return this.signIn.email === undefined ? this.welcome() : failedPage(() => this.goTo());
    });
    if (leave.signal.aborted) return;
    this.shown = location.pathname;
    this.main.removeAttribute('aria-busy');
    this.showHeader();
    document.title = page.title;
    this.main.replaceChildren(...page.content);
    // So that a keyboard and a screen reader go on where the new page begins.
    this.main.querySelector('h1')?.focus();
  }

  private async page(leave: AbortSignal): Promise<Page> {
    if (this.signIn.email === undefined) return this.welcome();
    const [, folder, id, more] = location.pathname.split('/');
    if (folder === '') return listPage(this);
    if (folder === 'items' && id && more === undefined) return itemPage(this, decodeURIComponent(id), leave);
    return missingPage(this);
  }

  private welcome(): Page {
    return welcomePage(() => this.begin());
  }

  complain(error: unknown): void {
    if (error instanceof SignedOut) {
      // What was typed stays to be copied: the page stays, and offers the way on.
      const again = element('button', { type: 'button', click: () => void this.begin() }, 'Sign in again');
      warn('Your session has ended. What you typed is still here: copy it before you sign in again.', again);
      return;
    }
    warnOf(error);
    const field = error instanceof ApiProblem ? error.field : undefined;
    if (field !== undefined) document.getElementById(field)?.focus();
  }

  private begin(): Promise<void> {
    return this.signIn.start(location.pathname).catch(warnOf);
  }

  private showHeader(): void {
    const home = element('a', { href: '/', class: 'home', click: (event) => this.goHome(event) }, 'Items');
    const { email } = this.signIn;
    if (email === undefined) {
      this.header.replaceChildren(home);
      return;
    }
    const out = element('button', { type: 'button', click: () => this.signIn.leave() }, 'Sign out');
    this.header.replaceChildren(home, element('span', { class: 'who' }, email), out);
  }

  private goHome(event: Event): void {
    event.preventDefault();
    this.open('/');
  }
}

async function start(): Promise<void> {
  const header = document.getElementById('header');
  const main = document.getElementById('main');
  if (header === null || main === null) throw new Error('The page lacks its parts');
  const { loginUrl, clientId } = await loadSiteConfig<SiteConfig>();
  const settings = { loginUrl, clientId, scopes: LOGIN_SCOPES };
  const paths = { callbackPath: CALLBACK_PATH, signedOutPath: SIGNED_OUT_PATH };
  await new WebApp(new SignIn({ ...settings, ...paths }), header, main).start();
}

void start().catch(warnOf);
