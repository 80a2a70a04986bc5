import { expect, it, vi } from 'vitest';
import { run } from '../../scripts/keep-release';

const keeping = () => ({ version: '1.2.0', kept: ['1.1.0'], keep: vi.fn(async () => {}) });

it('keeps the templates of a version that has none yet', async () => {
  const given = keeping();
  expect(await run([], given)).toEqual(['Kept the templates of 1.2.0.', 0]);
  expect(given.keep).toHaveBeenCalledWith('1.2.0');
});

it('changes nothing of a version that people may have deployed, unless it is told to', async () => {
  const given = { ...keeping(), kept: ['1.1.0', '1.2.0'] };
  const [text, code] = await run([], given);
  expect([code, given.keep.mock.calls]).toEqual([1, []]);
  expect(text).toContain('pass --replace while 1.2.0 has no tag');
  expect(await run(['--replace'], given)).toEqual(['Kept the templates of 1.2.0.', 0]);
});
