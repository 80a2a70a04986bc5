import { clearMessages, warn, warnOf } from './announce';
import { ApiProblem } from './api-client';
import { element } from './element';
import type { Page, SiteControl } from './page';
import { failedPage } from './plain-pages';
import { SignedOut, SignIn, type SignInSettings } from './sign-in';
import { loadSiteConfig } from './site-config';
import { siteLink } from './site-link';

/** The parts of the document that a site fills. */
export interface SiteParts {
  readonly header: HTMLElement;
  readonly main: HTMLElement;
}

/** Shows the page of the address, and says what goes wrong on the way. */
export abstract class SiteShell implements SiteControl {
  /** What the site is called. */
  protected abstract readonly name: string;
  /** Places that the header leads to, beside the first page: text by path. */
  protected readonly places: Readonly<Record<string, string>> = {};
  private leave = new AbortController();
  private shown = '';

  constructor(
    protected readonly signIn: SignIn,
    private readonly parts: SiteParts,
  ) {
    // A jump within the page, as to its main part, is none to another.
    window.addEventListener('popstate', () => location.pathname !== this.shown && this.goTo());
    // A browser may keep a page whole and show it again: it must not show what belongs to who has signed out.
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.goTo());
  }

  /**
   * The page of a path, for someone who is signed in.
   *
   * @param leave ends when the person goes on to another
   */
  protected abstract page(path: string, leave: AbortSignal): Promise<Page> | Page;

  /** What someone sees who is not signed in. @param begin leads to the login */
  protected abstract welcome(begin: () => void): Page;

  /** @param callbackPath where the login sends people back to */
  async start(callbackPath: string): Promise<void> {
    if (location.pathname === callbackPath) {
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

  /** The page that is shown has another path from now on. */
  moved(path: string): void {
    history.replaceState(null, '', path);
    this.shown = path;
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

  private goTo(): void {
    clearMessages();
    void this.show();
  }

  private async show(): Promise<void> {
    this.leave.abort();
    const leave = new AbortController();
    this.leave = leave;
    const { main } = this.parts;
    main.setAttribute('aria-busy', 'true');
    const page = await this.current(leave.signal).catch((error: unknown) => {
      if (!leave.signal.aborted) this.complain(error);
      return this.signIn.email === undefined ? this.welcomed() : failedPage(() => this.goTo());
    });
    if (leave.signal.aborted) return;
    this.shown = location.pathname;
    main.removeAttribute('aria-busy');
    this.showHeader();
    document.title = page.title;
    main.replaceChildren(...page.content);
    // So that a keyboard and a screen reader go on where the new page begins.
    main.querySelector('h1')?.focus();
  }

  private async current(leave: AbortSignal): Promise<Page> {
    return this.signIn.email === undefined ? this.welcomed() : this.page(location.pathname, leave);
  }

  private welcomed(): Page {
    return this.welcome(() => this.begin());
  }

  private begin(): Promise<void> {
    return this.signIn.start(location.pathname).catch(warnOf);
  }

  private showHeader(): void {
    const home = siteLink(this, '/', this.name);
    home.className = 'home';
    const { email } = this.signIn;
    if (email === undefined) {
      this.parts.header.replaceChildren(home);
      return;
    }
    const places = Object.entries(this.places).map(([path, text]) => {
      const link = siteLink(this, path, text);
      if (path === location.pathname) link.setAttribute('aria-current', 'page');
      return link;
    });
    const out = element('button', { type: 'button', click: () => this.signIn.leave() }, 'Sign out');
    const nav = places.length === 0 ? [] : [element('nav', { 'aria-label': this.name }, ...places)];
    this.parts.header.replaceChildren(home, element('span', { class: 'who' }, email), out, ...nav);
  }
}

/** Starts a site: reads what only its deployment knows, and shows the page of the address. */
export function startSite(
  settings: Omit<SignInSettings, 'loginUrl' | 'clientId'>,
  make: (signIn: SignIn, parts: SiteParts) => SiteShell,
): void {
  const start = async () => {
    const header = document.getElementById('header');
    const main = document.getElementById('main');
    if (header === null || main === null) throw new Error('The page has no header or main element');
    const config = await loadSiteConfig<Pick<SignInSettings, 'loginUrl' | 'clientId'>>();
    await make(new SignIn({ ...settings, ...config }), { header, main }).start(settings.callbackPath);
  };
  void start().catch(warnOf);
}
