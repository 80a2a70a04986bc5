// @project proofs

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WallClock } from '../../../../local/clock/wall-clock';
import { operatorServices } from '../../../../local/engine/operator-services';
import { openRag, type RagSite } from '../../../../patterns/genai-rag/local/place';
import { stackOf } from '../../../assemblies';
import { type Person, timeOf } from '../../../lib/operations/terminal-fixture';
import { type Trying, withTrying } from '../../../lib/operations/try/try-fixture';

describe('groundplan try on the GenAI application', () => {
  let clock: WallClock;
  let site: RagSite;
  beforeAll(async () => {
    clock = new WallClock();
    site = await openRag(await stackOf('GenAiRag'), { clock });
  });
  afterAll(async () => {
    await site?.stop();
    clock.stop();
  });

  /** Skips the minutes that the command waits. */
  const tried = (args: string, person?: Person) =>
    withTrying(operatorServices(site.engine, { Url: site.url }), { time: timeOf(clock) }, async (trying: Trying) => {
      const result = await site.engine.during(trying.run(args, person));
      return { ...result, users: trying.users(site.pool.id) };
    });
  const documents = () => site.engine.stores.s3.keys(site.uploads.bucket).filter((key) => key.endsWith('.txt'));

  it('sends a document, waits until it is found, asks, and leaves nothing', async () => {
    const { code, out, err, users } = await tried('GenAiRag');
    expect([code, users]).toEqual([0, []]);
    expect(out).toMatch(/{"question":"When does the ferry to Nagu leave\?"}\n200 {.*The ferry to Nagu leaves at nine/);
    expect(out).toContain('"name":"ferry.txt"');
    expect(err).toContain('Waiting until it is inspected and ingested');
    await site.engine.settle();
    expect(documents()).toEqual([]);
  });

  it('leaves nothing at Ctrl-C either', async () => {
    const { code, out, users } = await tried('GenAiRag', { interruptsAfter: 15_000 });
    expect([code, out, users]).toEqual([130, '', []]);
    await site.engine.settle();
    expect(documents()).toEqual([]);
  });

  it('keeps the document and the user for who wants to ask more', async () => {
    const { code, out, users } = await tried('GenAiRag --keep --email you@example.com');
    expect([code, users]).toEqual([0, ['you@example.com']]);
    expect(out).toContain('The document ferry.txt stays.');
    await site.engine.settle();
    expect(documents()).toHaveLength(1);
  });
});
