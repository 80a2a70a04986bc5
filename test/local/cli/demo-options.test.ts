import { describe, expect, it } from 'vitest';
import { type DemoOptions, help, readDemoOptions } from '../../../local/cli/demo-options';
import { UsageError } from '../../../local/cli/usage-error';
import { EVENT_DRIVEN_DEMO } from '../../../patterns/event-driven/local/demo';
import { GENAI_RAG_DEMO } from '../../../patterns/genai-rag/local/demo';
import { PATTERNS } from '../../../patterns/patterns';

describe('what npm run demo is asked for', () => {
  it('is the event-driven pattern, as usual, where nothing is said', async () => {
    expect(await readDemoOptions([])).toEqual({
      ...{ name: 'event-driven', demo: EVENT_DRIVEN_DEMO, amount: EVENT_DRIVEN_DEMO.usual, seed: 42 },
      ...{ virtual: false, onMoto: false },
    });
  });

  it('is what was said', async () => {
    const args = 'event-driven --orders 7 --seed 9 --virtual --without sqs-dlq-required --keep a --assembly b';
    expect(await readDemoOptions(args.split(' '))).toMatchObject({
      ...{ amount: 7, seed: 9, virtual: true, keep: 'a', assembly: 'b' },
      without: { id: 'sqs-dlq-required', weakening: EVENT_DRIVEN_DEMO.weakenings['sqs-dlq-required'] },
    });
    expect(await readDemoOptions(['--engine', 'moto', '--orders', '60'])).toMatchObject({ onMoto: true, amount: 60 });
  });

  it('is virtual for a pattern that is nothing else', async () => {
    expect(((await readDemoOptions(['genai-rag'])) as DemoOptions).virtual).toBe(true);
  });

  it('is the list of a pattern, or help, whatever else is said', async () => {
    expect(await readDemoOptions(['genai-rag', '--list'])).toEqual({ list: GENAI_RAG_DEMO });
    expect(await readDemoOptions(['serverless', '--help'])).toBe('help');
  });

  it.each([
    [['--orders', '1'], 1],
    [['--orders', '100000'], 100_000],
  ])('takes %j', async (args, amount) => {
    expect(await readDemoOptions(args)).toMatchObject({ amount });
  });

  it.each([
    [['--orders', '100001'], /^--orders is a whole number from 1 to 100000, not "100001"/],
    [['--seed', '0'], /^--seed is a whole number from 1/],
    [['serverless'], /^Unknown pattern "serverless"; available: event-driven, data-pipeline, web-app/],
    [['event-driven', 'again'], /^One pattern at a time/],
    [['--without', 'nonsense'], /^"nonsense" cannot be taken out here; these can: sqs-dlq-required, /],
    [['--orders', '0'], /^--orders is a whole number from 1 to 100000, not "0"/],
    [['web-app', '--orders', '5'], /^web-app takes --requests, not --orders/],
    [['web-app', '--virtual'], /^web-app does not run in virtual time: its database and its cache keep real time/],
    [['--events', '5'], /^event-driven takes --orders, not --events/],
    [['data-pipeline', '--engine', 'moto'], /^data-pipeline does not run on moto/],
    [['--seed', 'x'], /^--seed is a whole number/],
    [['--engine', 'x'], /^--engine is local or moto, not "x"/],
    [['--engine', 'moto', '--virtual'], /^moto keeps real time and is slow: leave --virtual out/],
    [['--engine', 'moto', '--without', 'sqs-dlq-required'], /^moto keeps real time and is slow: leave --without out/],
    [['--what'], /^Unknown option '--what'/],
  ])('cannot be %j', async (args, line) => {
    await expect(readDemoOptions(args)).rejects.toThrow(UsageError);
    await expect(readDemoOptions(args)).rejects.toThrow(line);
  });

  it('is told in the help, with what each pattern takes', async () => {
    const text = await help();
    const [, ...others] = PATTERNS.map(({ name }) => name);
    expect(text).toContain(`\n  pattern              event-driven (default), ${others.join(', ')}\n`);
    for (const option of ['orders', 'events', 'requests', 'questions', 'seed', 'without', 'assembly']) {
      expect(text).toMatch(new RegExp(`^  --${option}\\b`, 'm'));
    }
    expect(text).toContain(`(event-driven; default ${EVENT_DRIVEN_DEMO.usual})`);
  });
});
