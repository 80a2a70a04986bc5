import { describe, expect, it } from 'vitest';
import { readEvents, type ServerEvent } from '../../../lib/site/event-stream';
import { uuidV7 } from '../../../lib/site/uuid';

function bytesOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const rest = [...chunks];
  return new ReadableStream({
    pull: (controller) => {
      const chunk = rest.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
}

async function read(...chunks: readonly (string | Uint8Array)[]): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  for await (const event of readEvents(bytesOf(bytes))) events.push(event);
  return events;
}

describe('events of a stream', () => {
  const TEXT =
    'event: token\ndata: {"text":"ß 🚢 \\n"}\n\n:\n\nevent: done\r\ndata: 1\r\ndata:2\r\n\r\nid: 7\rdata\r\r';
  const EVENTS = [
    { name: 'token', data: '{"text":"ß 🚢 \\n"}' },
    { name: 'done', data: '1\n2' },
    { name: 'message', data: '' },
  ];

  it('are the same wherever the bytes were split', async () => {
    // The last return might be half of an end of line: one byte more tells.
    const bytes = Buffer.from(`${TEXT}:`);
    for (let first = 0; first < bytes.length; first += 1) {
      for (let second = first; second < bytes.length; second += 1) {
        const parts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        expect({ first, second, events: await read(...parts) }).toEqual({ first, second, events: EVENTS });
      }
    }
    expect(await read(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(EVENTS);
  });

  it('are none of a part that the stream ends within, and none of comments', async () => {
    expect(await read(': heartbeat\n\n:\n\nevent: lonely\n\n')).toEqual([]);
    expect(await read('data: whole\n\ndata: half\n')).toEqual([{ name: 'message', data: 'whole' }]);
    expect(await read()).toEqual([]);
  });

  it('keep what stands after the first colon, but for one space', async () => {
    expect(await read('data:  a: b \n\n')).toEqual([{ name: 'message', data: ' a: b ' }]);
    // A name is of one event.
    expect(await read('event: one\n\ndata: x\n\n')).toEqual([{ name: 'message', data: 'x' }]);
  });

  it('come as soon as they are there, and end when nobody reads on', async () => {
    let cancelled = false;
    let chunks = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        chunks += 1;
        controller.enqueue(Buffer.from(`data: ${chunks}\n\n`));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const { data } of readEvents(endless)) if (data === '3') break;
    expect(cancelled).toBe(true);
    expect(chunks).toBeLessThan(6);
  });

  it('fail with the stream', async () => {
    const broken = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new TypeError('broken')) });
    await expect(readEvents(broken).next()).rejects.toThrow('broken');
  });
});

describe('ids that the page makes', () => {
  it('are UUIDs of version 7 that sort by time', () => {
    const times = [0, 1, 255, 256, 1_764_000_000_000, 1_764_000_000_001, 2 ** 48 - 1];
    const ids = times.map((time) => uuidV7(time));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.map((id) => Number.parseInt(id.slice(0, 13).replace('-', ''), 16))).toEqual(times);
    expect(uuidV7(5)).not.toBe(uuidV7(5));
  });
});
