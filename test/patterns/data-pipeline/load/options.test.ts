import { describe, expect, it } from 'vitest';
import { readLoadOptions } from '../../../../patterns/data-pipeline/load/options';
import { run, useLoadFixture } from './load-fixture';

useLoadFixture();

const read = (args: string) => readLoadOptions(args.split(' ').filter((each) => each !== ''));

describe('asked wrongly, groundplan load data-pipeline', () => {
  it.each([
    ['--rate 0', '--rate is 0; allowed: a whole number from 1 to 50000'],
    ['--rate 50001', '--rate is 50001; allowed: a whole number from 1 to 50000'],
    ['--rate 1.5', '--rate is 1.5; allowed: a whole number from 1 to 50000'],
    ['--rate=-1', '--rate is -1; allowed: a whole number from 1 to 50000'],
    ['--duration 60', '--duration is 60; allowed: from 1s to 24h, such as 30s, 5m or 1h'],
    ['--duration 0s', '--duration is 0s; allowed: from 1s to 24h, such as 30s, 5m or 1h'],
    ['--duration 25h', '--duration is 25h; allowed: from 1s to 24h, such as 30s, 5m or 1h'],
    ['--duration 86401s', '--duration is 86401s; allowed: from 1s to 24h, such as 30s, 5m or 1h'],
    ['--duration 1.5h', '--duration is 1.5h; allowed: from 1s to 24h, such as 30s, 5m or 1h'],
    ['--duration 1d', '--duration is 1d; allowed: from 1s to 24h, such as 30s, 5m or 1h'],
    ['--skew 1', '--skew is 1; allowed: a number from 0 to 0.99'],
    ['--skew 0.995', '--skew is 0.995; allowed: a number from 0 to 0.99'],
    ['--skew 20%', '--skew is 20%; allowed: a number from 0 to 0.99'],
    ['--skew=-0.1', '--skew is -0.1; allowed: a number from 0 to 0.99'],
    ['--seed 4294967296', '--seed is 4294967296; allowed: a whole number from 0 to 4294967295'],
    ['--seed x', '--seed is x; allowed: a whole number from 0 to 4294967295'],
    ['--stream A --stack B', '--stream and --stack exclude each other: omit --stack'],
    ['now', 'Unexpected argument now; see --help'],
  ])('answers "%s" with one line', async (args, message) => {
    const { code, err, out } = await run(args);
    expect([code, err, out]).toEqual([2, message, '']);
  });

  it.each(['--fast', '--rate', '--json=1'])('says what is wrong with "%s"', async (args) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(args.split('=')[0] ?? '')]);
    expect(err).not.toMatch(/ at .*\.ts/);
  });
});

describe('the options of groundplan load data-pipeline', () => {
  it('are these when none is given', () => {
    expect(read('')).toEqual({
      rate: 100,
      duration: 60_000,
      skew: 0,
      stack: 'DataPipeline',
      json: false,
      yes: false,
    });
  });

  it('are what is asked for, up to the bounds', () => {
    expect(read('--rate 50000 --duration 24h --skew 0.99 --seed 4294967295 --stack Shop --unsent a -y --json')).toEqual(
      {
        rate: 50_000,
        duration: 86_400_000,
        skew: 0.99,
        seed: 4_294_967_295,
        stack: 'Shop',
        unsent: 'a',
        json: true,
        yes: true,
      },
    );
    expect(read('--duration 5m --skew .2 --seed 0 --stream A --region us-east-1')).toMatchObject({
      duration: 300_000,
      skew: 0.2,
      seed: 0,
      stream: 'A',
      region: 'us-east-1',
    });
  });

  it('are explained', async () => {
    const { code, out } = await run('--help');
    expect([code, out]).toEqual([0, expect.stringMatching(/^Usage: groundplan load data-pipeline/)]);
    for (const option of ['rate', 'duration', 'skew', 'seed', 'stack', 'stream', 'unsent', 'yes', 'json', 'region']) {
      expect(out).toContain(`\n  --${option}`);
    }
  });
});
