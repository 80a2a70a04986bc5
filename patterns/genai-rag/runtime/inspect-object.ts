import { DOCUMENTS_PREFIX, INCOMING_PREFIX } from '../contract';
import { incomingLocation, takenInLocation } from './document-location';
import { type IncomingOutcome, type InspectionStores, inspectIncoming } from './inspect-incoming';
import { type ObjectEvent, type ObjectOutcome, reconcileDocument } from './reconcile-document';

/** What came of an event. `ignored`: it is of no tenant's document. */
export type Inspection = IncomingOutcome | ObjectOutcome | 'ignored';

/** Looks at an object that came or went. */
export async function inspectObject(event: ObjectEvent, stores: InspectionStores): Promise<Inspection> {
  const { key, created } = event;
  if (key.startsWith(INCOMING_PREFIX)) {
    const incoming = incomingLocation(key);
    return created && incoming !== undefined ? inspectIncoming(key, incoming, stores) : 'ignored';
  }
  const takenIn = key.startsWith(DOCUMENTS_PREFIX) ? takenInLocation(key) : undefined;
  return takenIn === undefined ? 'ignored' : reconcileDocument(event, takenIn, stores);
}
