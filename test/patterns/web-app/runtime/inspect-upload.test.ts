// @project proofs
// @node24 alone

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../local/engine/random';
import { MULTIPART_ABOVE_BYTES, type UploadType } from '../../../../patterns/web-app/contract';
import { BUCKET } from '../../../local/aws/s3/s3-fixture';
import { type Hook, InspectFixture, OWNER, PAGE, PNG } from './inspect-upload-fixture';

const fixture = new InspectFixture();
beforeAll(() => fixture.start());
afterAll(() => fixture.stop());

describe('a file that came', () => {
  it('is ready when it is what it says, and the item is read anew', async () => {
    const { item, key } = await fixture.attach();
    fixture.put(key, PNG);
    expect(await fixture.inspect(key)).toBe('ready');
    expect(await fixture.statusOf(key)).toBe('ready');
    expect(fixture.files(key)).toEqual({ uploads: PNG });
    expect(fixture.forgotten).toEqual([fixture.cacheKey(item)]);
  });

  it.each([
    ['another type', PAGE, 'image/png'],
    ['another length', PNG.subarray(0, 12), 'image/png'],
    ['another media type', PNG, 'image/jpeg'],
    ['nothing', Buffer.alloc(0), 'image/png'],
  ])('is quarantined when it has %s', async (_, content, type) => {
    const { item, key } = await fixture.attach();
    fixture.put(key, content, type);
    expect(await fixture.inspect(key)).toBe('quarantined');
    expect(await fixture.statusOf(key)).toBe('quarantined');
    expect(fixture.files(key)).toEqual({ quarantine: content });
    expect(fixture.forgotten).toEqual([fixture.cacheKey(item)]);
  });

  it('is read from its beginning alone, however long it is', async () => {
    const film = Buffer.alloc(MULTIPART_ABOVE_BYTES + 1);
    film.write('ftypisom', 4);
    const { key } = await fixture.attach('video/mp4', film.length);
    fixture.put(key, film, 'video/mp4');
    const asked: string[] = [];
    expect(await fixture.inspect(key, async (call, when) => void (when === 'before' && asked.push(call)))).toBe(
      'ready',
    );
    expect(asked).toEqual(['SELECT', 'GetObject', 'UPDATE', 'forget']);
    expect(fixture.s3.calls.at(-1)).toMatchObject({ action: 'GetObject', input: { Range: 'bytes=0-16383' } });
  });

  it('may be text that is cut within a character where the look ends', async () => {
    const text = Buffer.from(`${'a'.repeat(16 * 1024 - 1)}€ and more`);
    const { key } = await fixture.attach('text/plain', text.length);
    fixture.put(key, text, 'text/plain');
    expect(await fixture.inspect(key)).toBe('ready');
  });

  it.each<[UploadType, string, Buffer]>([
    ['application/pdf', 'a PDF behind a mark and a line end', Buffer.from('\ufeff\r\n%PDF-1.7\n')],
    ['text/csv', 'CSV as Excel saves it', Buffer.from('Name;Gr\xf6\xdfe\r\n', 'latin1')],
    ['text/csv', 'text in UTF-16', Buffer.from('\ufeffName\tGröße\r\n', 'utf16le')],
    ['text/plain', 'a list that begins with BM', Buffer.from('BMW 320d')],
    ['image/jpeg', 'a raw picture', Buffer.from('ffd8ffdb00430001', 'hex')],
  ])('of the type %s may be %s', async (type, _, content) => {
    const { key } = await fixture.attach(type, content.length);
    fixture.put(key, content, type);
    expect(await fixture.inspect(key)).toBe('ready');
  });

  it.each([
    ['a program', Buffer.concat([Buffer.from('MZ\x90\0\n', 'latin1'), Buffer.from('%PDF-1.7\n')])],
    ['a page', Buffer.from('<html><script>x()</script>%PDF-1.7\n')],
    ['a script', Buffer.from('#!/bin/sh\n%PDF-1.7\n')],
  ])('is quarantined when a PDF begins as %s', async (_, content) => {
    const { key } = await fixture.attach('application/pdf', content.length);
    fixture.put(key, content, 'application/pdf');
    expect(await fixture.inspect(key)).toBe('quarantined');
  });

  it('is deleted when nobody misses it', async () => {
    const { item, key } = await fixture.attach();
    fixture.put(key, PNG);
    await fixture.items().remove(OWNER, item, async () => undefined);
    expect(await fixture.inspect(key)).toBe('deleted');
    expect(fixture.files(key)).toEqual({});
  });

  it('is deleted when its item goes while it is looked at', async () => {
    for (const content of [PNG, PAGE]) {
      const { item, key } = await fixture.attach();
      fixture.put(key, content);
      const goes: Hook = async (call, when) => {
        if (call === 'GetObject' && when === 'after') await fixture.items().remove(OWNER, item, async () => undefined);
      };
      expect(await fixture.inspect(key, goes)).toBe('deleted');
      expect(fixture.files(key)).toEqual({});
    }
  });

  it('that went again leaves its attachment as it is', async () => {
    const { key } = await fixture.attach();
    expect(await fixture.inspect(key)).toBe('gone');
    expect(await fixture.statusOf(key)).toBe('pending');
  });
});

describe('a second look', () => {
  it('finds the same', async () => {
    for (const content of [PNG, PAGE]) {
      const { key } = await fixture.attach();
      fixture.put(key, content);
      const first = await fixture.inspect(key);
      const [status, files] = [await fixture.statusOf(key), fixture.files(key)];
      expect(await fixture.inspect(key)).toBe(first === 'ready' ? 'ready' : 'gone');
      expect([await fixture.statusOf(key), fixture.files(key)]).toEqual([status, files]);
    }
  });

  it('sees what came in place of a good file', async () => {
    const { key } = await fixture.attach();
    fixture.put(key, PNG);
    await fixture.inspect(key);
    fixture.put(key, PAGE);
    expect(await fixture.inspect(key)).toBe('quarantined');
    expect([await fixture.statusOf(key), fixture.files(key)]).toEqual(['quarantined', { quarantine: PAGE }]);
  });

  it('that is overtaken does not make good what was found to lie', async () => {
    const { key } = await fixture.attach();
    fixture.put(key, PNG);
    const overtaken: Hook = async (call, when) => {
      if (call !== 'UPDATE' || when !== 'before') return;
      fixture.put(key, PAGE);
      expect(await fixture.inspect(key)).toBe('quarantined');
    };
    await fixture.inspect(key, overtaken);
    expect([await fixture.statusOf(key), fixture.files(key)]).toEqual(['quarantined', { quarantine: PAGE }]);
  });

  it('does not trust what came in place of a file that lied', async () => {
    const { key } = await fixture.attach();
    fixture.put(key, PAGE);
    await fixture.inspect(key);
    fixture.put(key, PNG);
    expect(await fixture.inspect(key)).toBe('quarantined');
    expect([await fixture.statusOf(key), fixture.files(key)]).toEqual(['quarantined', { quarantine: PNG }]);
  });
});

describe('a look that breaks off', () => {
  /** Breaks off at the so many-th chance to. */
  const breaksAt = (at: number): Hook => {
    let chances = 0;
    return async () => {
      chances += 1;
      if (chances === at) throw new Error('The function is gone');
    };
  };

  it.each([
    ['a good file', PNG, 'ready', { uploads: PNG }, 8],
    ['a file that lies', PAGE, 'quarantined', { quarantine: PAGE }, 12],
  ] as const)('begins anew and ends as if nothing were: %s', async (_, content, status, files, chances) => {
    for (let at = 1; at <= chances; at += 1) {
      const { item, key } = await fixture.attach();
      fixture.put(key, content);
      await expect(fixture.inspect(key, breaksAt(at)), String(at)).rejects.toThrow('The function is gone');
      // What lies is not to be had from the moment that it is known, and a good file is never lost.
      if (content === PNG) expect(fixture.files(key).uploads, String(at)).toEqual(PNG);
      await fixture.inspect(key);
      expect([at, await fixture.statusOf(key), fixture.files(key)]).toEqual([at, status, files]);
      expect(fixture.forgotten, String(at)).toContain(fixture.cacheKey(item));
    }
    const { key } = await fixture.attach();
    fixture.put(key, content);
    await fixture.inspect(key, breaksAt(chances + 1));
  });
});

/** Lets tasks go on one step at a time, in an order by chance. */
class Turns {
  private readonly waiting: (() => void)[] = [];
  private alive = 0;

  constructor(private readonly random: () => number) {}

  readonly step = (): Promise<void> => new Promise((go) => this.waiting.push(go));

  start(task: () => Promise<void>): void {
    this.alive += 1;
    void this.step()
      .then(task)
      .finally(() => {
        this.alive -= 1;
      });
  }

  async run(): Promise<void> {
    while (this.alive > 0) {
      if (this.waiting.length < this.alive) {
        await new Promise((later) => setImmediate(later));
        continue;
      }
      const [go] = this.waiting.splice(Math.floor(this.random() * this.waiting.length), 1);
      go?.();
      await new Promise((later) => setImmediate(later));
    }
  }
}

it('ends right, whatever comes between its steps: files, events twice and late, and looks at once', async () => {
  const ends = { ready: 0, quarantined: 0 };
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = seededRandom(seed, 'inspections');
    const turns = new Turns(random);
    const { key } = await fixture.attach();
    const contents = Array.from({ length: 1 + Math.floor(random() * 3) }, () => (random() < 0.6 ? PNG : PAGE));
    const last: Buffer[] = [];
    for (const content of contents) {
      turns.start(async () => {
        fixture.put(key, content);
        last.push(content);
        // One event at least, begun any time after the file came.
        for (let event = 0; event < 1 + Math.floor(random() * 2); event += 1) {
          turns.start(async () => {
            await fixture.inspect(key, turns.step);
          });
        }
      });
    }
    await turns.run();
    const status = await fixture.statusOf(key);
    const { uploads } = fixture.files(key);
    if (last.at(-1) === PAGE) expect([seed, status], 'what lies is not ready').toEqual([seed, 'quarantined']);
    if (contents.every((content) => content === PNG)) expect([seed, status]).toEqual([seed, 'ready']);
    expect([seed, status, uploads === undefined]).toEqual([seed, status, status === 'quarantined']);
    if (status === 'ready' || status === 'quarantined') ends[status] += 1;
  }
  expect(ends.ready).toBeGreaterThan(20);
  expect(ends.quarantined).toBeGreaterThan(20);
});

it('leaves no file behind that came, and was found good, while its item was deleted', async () => {
  const { item, key } = await fixture.attach();
  const comes: Hook = async (call, when) => {
    if (call !== 'DELETE' || when !== 'before') return;
    fixture.put(key, PNG);
    expect(await fixture.inspect(key)).toBe('ready');
  };
  await fixture.items(comes).remove(OWNER, item, async (keys) => {
    for (const Key of keys) fixture.s3.store.call('DeleteObject', { Bucket: BUCKET, Key });
  });
  expect([await fixture.statusOf(key), fixture.files(key)]).toEqual([undefined, {}]);
});

it('leaves no file behind when its item is deleted meanwhile', async () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = seededRandom(seed, 'deletions');
    const turns = new Turns(random);
    const { item, key } = await fixture.attach();
    turns.start(async () => {
      fixture.put(key, random() < 0.6 ? PNG : PAGE);
      turns.start(async () => {
        await fixture.inspect(key, turns.step);
      });
    });
    turns.start(async () => {
      await fixture.items(turns.step).remove(OWNER, item, async (keys) => {
        await turns.step();
        for (const Key of keys) fixture.s3.store.call('DeleteObject', { Bucket: BUCKET, Key });
      });
    });
    await turns.run();
    expect([seed, await fixture.statusOf(key), fixture.files(key).uploads]).toEqual([seed, undefined, undefined]);
  }
});
