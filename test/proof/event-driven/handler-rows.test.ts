import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordedCall } from '../../../local/aws/server';
import { buildHandlers } from '../../../local/weaken/build-handlers';
import { withEventDriven } from '../../patterns/event-driven/engine-fixture';
import { HANDLER_PROOFS, type HandlerProof } from './handler-proofs';

async function holds(proof: HandlerProof, code?: Record<string, string>): Promise<boolean> {
  const calls: RecordedCall[] = [];
  const onCall = (call: RecordedCall) => {
    calls.push(call);
  };
  return withEventDriven({ ...proof.options, code, onCall }, (engine) => proof.holds({ engine, calls }));
}

describe.each(Object.entries(HANDLER_PROOFS))('%s', (_, proof) => {
  it('holds', async () => {
    expect(await holds(proof)).toBe(true);
  });

  it('does not hold when its handling is taken out of the handler', async () => {
    const code = await buildHandlers(proof.handlers, proof.source, proof.replace);
    try {
      expect(await holds(proof, code)).toBe(false);
    } finally {
      for (const folder of Object.values(code)) rmSync(dirname(folder), { recursive: true, force: true });
    }
  });
});
