import { ApiProblem } from '../../../lib/site/api-client';
import { element } from '../../../lib/site/element';

const alertRegion = region('alert');
const statusRegion = region('status');
/** Long enough to read twice; what it says also shows in the page. */
const STATUS_MS = 8_000;
let fading: ReturnType<typeof setTimeout> | undefined;

/** Says what went well. Screen readers wait for a pause to read it. */
export function announce(text: string): void {
  clearMessages();
  statusRegion.textContent = text;
  fading = setTimeout(() => statusRegion.replaceChildren(), STATUS_MS);
}

/** Says what went wrong. Screen readers read it at once. */
export function warn(text: string, ...more: readonly Node[]): void {
  clearMessages();
  alertRegion.replaceChildren(element('p', {}, text), ...more);
}

/** Says what a request failed with, and what to name when asking for help. */
export function warnOf(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const requestId = error instanceof ApiProblem && error.status >= 500 ? error.requestId : undefined;
  warn(text, ...(requestId === undefined ? [] : [element('p', { class: 'quiet' }, `Request ${requestId}`)]));
}

export function clearMessages(): void {
  clearTimeout(fading);
  alertRegion.replaceChildren();
  statusRegion.replaceChildren();
}

function region(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}`);
  return found;
}
