/** How often a look is begun anew when the document changed in the meantime, before the event goes back to its queue. */
const LOOKS = 5;

/** A document changed again and again while it was looked at. */
export class DocumentBusyError extends Error {
  override readonly name = 'DocumentBusyError';
}

/**
 * Looks until what was decided could be written.
 *
 * @param look returns undefined when someone was faster
 * @throws DocumentBusyError after {@link LOOKS} looks
 */
export async function untilWritten<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const outcome = await look();
    if (outcome !== undefined) return outcome;
  }
  throw new DocumentBusyError(`The document changed during each of ${LOOKS} looks`);
}
