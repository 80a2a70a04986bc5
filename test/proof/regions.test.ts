import { describe, expect, it } from 'vitest';
import { RefusedValueError } from '../../lib/validation/refuse';
import { GroundplanApp } from '../../patterns/groundplan-app';
import { PATTERNS } from '../../patterns/patterns';

/**
 * The region that a pattern's refusal names, by region; 'same' where it synthesizes as it is. The regions differ in what they lack: a
 * default model; nearly everything; the stores; knowledge bases; pipes and proxies.
 */
const NAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EventDriven: { 'eu-west-2': 'same', 'ca-west-1': 'ca-central-1', 'us-west-1': 'same', 'ap-southeast-3': 'same' },
  DataPipeline: { 'eu-west-2': 'same', 'ca-west-1': 'same', 'il-central-1': 'same', 'ap-southeast-3': 'same' },
  WebApp: {
    'eu-west-2': 'same',
    'ca-west-1': 'ca-central-1',
    'il-central-1': 'me-central-1',
    'ap-east-2': 'ap-east-1',
  },
  GenAiRag: {
    'eu-west-2': 'eu-west-3',
    'eu-central-2': 'eu-south-1',
    'sa-east-1': 'us-east-1',
    'ap-northeast-3': 'ap-northeast-1',
    'ap-south-2': 'ap-south-1',
    'ca-west-1': 'ca-central-1',
    'il-central-1': 'eu-south-1',
    'us-west-1': 'us-west-2',
    'ap-southeast-3': 'ap-south-1',
    'ap-southeast-6': 'ap-southeast-2',
  },
};
const NO_DEFAULT_MODEL = ['eu-west-2', 'eu-central-2', 'sa-east-1', 'ap-northeast-3', 'ap-south-2'];

/** Synthesizes a pattern as the app does; what it was refused with, or undefined. */
async function refusalOf(stack: string, context: Readonly<Record<string, string>>): Promise<string | undefined> {
  try {
    const app = await GroundplanApp.create({
      context: { stage: 'dev', ...context },
      selection: { namesOnly: false, isDraft: true, includes: (id) => id.startsWith(stack) },
      autoSynth: false,
    });
    app.synth();
    return undefined;
  } catch (error) {
    if (error instanceof RefusedValueError) return error.message;
    throw error;
  }
}

const CASES = PATTERNS.flatMap(({ stack }) =>
  Object.entries(NAMED[stack] ?? {}).map(([region, named]) => [stack, region, named] as const),
);

describe('the patterns by region', () => {
  it('are all looked at', () => {
    expect(Object.keys(NAMED).sort()).toEqual(PATTERNS.map(({ stack }) => stack).sort());
  });

  it.each(CASES)('%s in %s: %s', async (stack, region, named) => {
    const refusal = await refusalOf(stack, { region });
    const other = /^\S+ region is '\S+'; .*deploy to ([a-z0-9-]+),/.exec(refusal ?? '')?.[1];
    expect(other ?? refusal ?? 'same').toBe(named);
    if (other !== undefined) expect(await refusalOf(stack, { region: other })).toBeUndefined();
  });

  it.each(NO_DEFAULT_MODEL)('GenAiRag in %s takes the model that its refusal gives', async (region) => {
    const model = /-c model=(\S+)/.exec((await refusalOf('GenAiRag', { region })) ?? '')?.[1];
    expect(model).toBe('global.amazon.nova-2-lite-v1:0');
    expect(await refusalOf('GenAiRag', { region, model: model ?? '' })).toBeUndefined();
  });

  it('are refused in GovCloud and China with no region to move to, where none has it all', async () => {
    for (const region of ['us-gov-west-1', 'cn-north-1']) {
      expect(await refusalOf('GenAiRag', { region })).toMatch(/no region of this one has all that the stack uses/);
    }
  });
});
