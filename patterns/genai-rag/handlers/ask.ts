import { streamedAskHandler } from '../runtime/ask';

/** `POST /api/conversations/{id}/messages` behind a REST API that streams: an answer as it comes, or whole for who does not stream. */
export const handler = streamedAskHandler();
