import { describe, expect, it } from 'vitest';
import { readReplayOptions } from '../../../../patterns/data-pipeline/replay/options';
import { run, useReplayFixture } from './replay-fixture';

useReplayFixture();

const read = (args: string) => readReplayOptions(args.split(' ').filter((each) => each !== ''));
const DAY = 'allowed: a day, such as 2026-11-23';

describe('asked wrongly, groundplan replay data-pipeline', () => {
  it.each([
    ['--rate 0', '--rate is 0; allowed: a whole number from 1 to 10000'],
    ['--rate 10001', '--rate is 10001; allowed: a whole number from 1 to 10000'],
    ['--rate 1.5', '--rate is 1.5; allowed: a whole number from 1 to 10000'],
    ['--since today', `--since is today; ${DAY}`],
    ['--since 2026-11-31', `--since is 2026-11-31; ${DAY}`],
    ['--since 2026-02-29', `--since is 2026-02-29; ${DAY}`],
    ['--until 2026-13-01', `--until is 2026-13-01; ${DAY}`],
    ['--until 2026-11-23T10:15', `--until is 2026-11-23T10:15; ${DAY}`],
    ['--until 2026/11/23', `--until is 2026/11/23; ${DAY}`],
    [
      '--since 2026-11-23 --until 2026-11-22',
      '--since is 2026-11-23; allowed: no day after --until, which is 2026-11-22',
    ],
    ['--prefix /aws', '--prefix is /aws; allowed: no / at the beginning'],
    ['--after rejected/a', '--after is rejected/a; allowed: a key that begins with the prefix aws/lambda/'],
    ['--bucket a --stream b --stack c', '--stack has no effect with --bucket and --stream: omit it'],
    ['now', 'Unexpected argument now; see --help'],
  ])('answers "%s" with one line', async (args, message) => {
    const { code, err, out } = await run(args);
    expect([code, err, out]).toEqual([2, message, '']);
  });

  it.each(['--delete', '--rate', '--json=1'])('says what is wrong with "%s"', async (args) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(args.split('=')[0] ?? '')]);
    expect(err).not.toMatch(/ at .*\.ts/);
  });
});

describe('the options of groundplan replay data-pipeline', () => {
  it('are these when none is given', () => {
    expect(read('')).toEqual({
      prefix: 'aws/lambda/',
      rate: 500,
      stack: 'DataPipeline',
      dryRun: false,
      json: false,
      yes: false,
    });
  });

  it('are what is asked for, up to the bounds', () => {
    expect(read('--rate 10000 --since 2024-02-29 --until 2024-02-29 --stack Shop --bucket b -y --json')).toEqual({
      prefix: 'aws/lambda/',
      since: '2024-02-29',
      until: '2024-02-29',
      rate: 10_000,
      stack: 'Shop',
      bucket: 'b',
      dryRun: false,
      json: true,
      yes: true,
    });
    expect(
      read(
        '--rate 1 --prefix rejected/ --after rejected/a --stream s --bucket b --unsent u --dry-run --region us-east-1',
      ),
    ).toMatchObject({
      rate: 1,
      prefix: 'rejected/',
      after: 'rejected/a',
      stream: 's',
      bucket: 'b',
      unsent: 'u',
      dryRun: true,
      region: 'us-east-1',
    });
  });

  it('are explained', async () => {
    const { code, out } = await run('--help');
    expect([code, out]).toEqual([0, expect.stringMatching(/^Usage: groundplan replay data-pipeline/)]);
    const names = ['dry-run', 'prefix', 'since', 'until', 'after', 'rate', 'stack', 'bucket', 'stream', 'unsent'];
    for (const option of [...names, 'yes', 'json', 'region']) expect(out).toContain(`\n  --${option}`);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });
});
