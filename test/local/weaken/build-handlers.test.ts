import { expect, it } from 'vitest';
import { buildHandlers } from '../../../local/weaken/build-handlers';

const SOURCE = 'lib/runtime/problem.ts';

it('takes out what is there once, and nothing else', async () => {
  const change = (from: string) => buildHandlers({}, SOURCE, [from, '']);
  await expect(change('no such text')).rejects.toThrow(`${SOURCE} has no such text: the proof is out of date`);
  await expect(change('Problem')).rejects.toThrow(/^lib\/runtime\/problem\.ts has the text \d+ times: name more/);
  await expect(change('export class Problem ')).resolves.toEqual({});
});
