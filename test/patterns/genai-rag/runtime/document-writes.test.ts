import { describe, expect, it } from 'vitest';
import { DocumentBusyError, untilWritten } from '../../../../patterns/genai-rag/runtime/document-writes';

describe('a look at a document', () => {
  it('is begun anew up to five times', async () => {
    for (const needed of [1, 5]) {
      let looks = 0;
      const look = async () => {
        looks += 1;
        return looks === needed ? 'written' : undefined;
      };
      expect([await untilWritten(look), looks]).toEqual(['written', needed]);
    }
    let looks = 0;
    const never = untilWritten(async () => {
      looks += 1;
      return undefined;
    });
    await expect(never).rejects.toThrow(DocumentBusyError);
    expect(looks).toBe(5);
  });

  it('that finds nothing to say has said it', async () => {
    expect(await untilWritten(async () => false)).toBe(false);
  });
});
