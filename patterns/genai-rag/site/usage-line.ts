import { element } from '../../../lib/site/element';
import type { RagSite } from './rag-site';

const number = new Intl.NumberFormat();

/** What of the day is used. Empty until it is known: no question waits for it. */
export class UsageLine {
  readonly line = element('p', { class: 'quiet' });

  constructor(site: RagSite) {
    void site.api.me().then(
      ({ usage }) => this.line.textContent === '' && this.show(usage.tokens, usage.limit),
      () => undefined,
    );
  }

  show(tokens: number, limit: number): void {
    this.line.textContent = usageText(tokens, limit);
  }
}

export function usageText(tokens: number, limit: number): string {
  return `${number.format(tokens)} of ${number.format(limit)} tokens used today`;
}
