import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WallClock } from '../../../../local/clock/wall-clock';
import { openRag, type RagSite } from '../../../../patterns/genai-rag/local/place';
import { RagVisitor } from '../../../../patterns/genai-rag/local/visitor';
import { ingested } from '../../../../patterns/genai-rag/local/walk';
import { stackOf } from '../../../assemblies';
import { launchBrowser, openTab, signIn, type Tab } from '../../../fixtures/browser';
import { describeInBrowser } from '../../../fixtures/describe-with';

/** The page, the handlers behind it, and what stands in for Bedrock: nothing in between is of a test. */
describeInBrowser('the site in front of the application', () => {
  let clock: WallClock;
  let site: RagSite;
  let browser: Browser;
  const tabs: Tab[] = [];

  beforeAll(async () => {
    clock = new WallClock();
    [site, browser] = await Promise.all([openRag(await stackOf('GenAiRag'), { clock }), launchBrowser()]);
  });
  afterAll(async () => {
    await Promise.all(tabs.map((tab) => tab.close()));
    await browser?.close();
    await site?.stop();
    clock.stop();
  });

  const enter = async (user: string) => {
    const tab = await openTab(browser, {}, 'genai-rag');
    tabs.push(tab);
    await signIn(tab.page, site.url, user, 'Ask your documents');
    return tab;
  };
  const ask = async ({ page }: Tab, question: string) => {
    await page.getByLabel('Your question').fill(question);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.getByRole('button', { name: 'Ask', exact: true }).waitFor();
    return page.locator('.answer').first().textContent();
  };
  /** Skips the minutes that the schedule takes. */
  const pass = () => {
    const ada = new RagVisitor(site.inside, 'ada@example.com', 'tenant-acme');
    return site.engine.during(ingested(site.inside, [ada]));
  };

  it('takes a document in, answers from it, and tells another tenant nothing of it', async () => {
    const ada = await enter('ada@example.com');
    const { page } = ada;
    await page.getByRole('link', { name: 'Documents' }).click();
    const buffer = Buffer.from('# Cranes\n\nThe harbour of Kotka has nine cranes.\n');
    await page.getByLabel('Add documents').setInputFiles({ name: 'harbour.md', mimeType: 'text/markdown', buffer });
    const row = page.locator('main > .files li', { hasText: 'harbour.md' });
    await row.getByText('being ingested').waitFor();
    await pass();
    await row.getByText('ready for questions').waitFor();

    await page.getByRole('link', { name: 'Answers', exact: true }).click();
    expect(await ask(ada, 'How many cranes does the harbour of Kotka have?')).toBe(
      'The harbour of Kotka has nine cranes. 1',
    );
    await page.getByRole('button', { name: 'Source 1' }).click();
    const source = page.getByRole('group').filter({ hasText: 'harbour.md' });
    expect(await source.getByText('The harbour of Kotka has nine cranes.').isVisible()).toBe(true);
    await page.reload();
    await page.getByRole('heading', { name: 'How many cranes does the harbour of Kotka have?', level: 1 }).waitFor();

    const bob = await enter('bob@example.com');
    expect(await ask(bob, 'How many cranes does the harbour of Kotka have?')).toBe(
      'The documents hold nothing about this.',
    );
    await bob.page.goto(page.url());
    await bob.page.getByRole('heading', { name: 'could not be loaded' }).waitFor();
    expect(ada.complaints).toEqual([]);
  });

  it('shows an answer that breaks off as that, and the whole one after it', async () => {
    const ada = await enter('ada@example.com');
    site.engine.bedrock.script({ dieAfter: 3 });
    await ask(ada, 'Which harbour has nine cranes?');
    await ada.page.getByRole('button', { name: /again/i }).click();
    await ada.page.getByRole('button', { name: 'Source 1' }).waitFor();
    const [conversation] = new URL(ada.page.url()).pathname.split('/').slice(-1);
    const visitor = new RagVisitor(site.inside, 'ada@example.com', 'tenant-acme');
    const kept = visitor.call<{ turns: readonly unknown[] }>('GET', `/conversations/${conversation}`);
    expect((await site.engine.during(kept)).turns).toHaveLength(1);
    expect(ada.complaints).toEqual([]);
  });
});
