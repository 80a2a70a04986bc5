/** A server-sent event. */
export interface ServerEvent {
  /** `message` when the server gives none. */
  readonly name: string;
  readonly data: string;
}

/**
 * Reads the events of an answer, wherever its bytes were split (html.spec.whatwg.org: 9.2.6, interpreting an event stream). By
 * `fetch`, because an `EventSource` cannot send a POST. Comments are left out, and so is an event that the stream ends within.
 * Who stops reading stops the answer.
 */
export async function* readEvents(bytes: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let unread = '';
  let name = '';
  let data: string[] = [];
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      unread += decoder.decode(chunk.value, { stream: true });
      // A return at the end may be the half of an end of line.
      const lines = unread.split(/\r\n|\n|\r(?!$)/);
      unread = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { name: name || 'message', data: data.join('\n') };
          name = '';
          data = [];
          continue;
        }
        const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
        if (field === 'event') name = value;
        else if (field === 'data') data.push(value);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
