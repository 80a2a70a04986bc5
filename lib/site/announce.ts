import { ApiProblem } from './api-client';
import { element } from './element';

const alertRegion = region('alert');
const statusRegion = region('status');
/** Long enough to read twice; what it says also shows in the page. */
const STATUS_MS = 8_000;
let fading: ReturnType<typeof setTimeout> | undefined;

/** Says what went well of what a person did. Screen readers wait for a pause to read it. */
export function announce(text: string): void {
  clearMessages();
  mention(text);
}

/** Says what came about by itself. What went wrong before may not have been read yet, and stays. */
export function mention(text: string): void {
  clearTimeout(fading);
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
