import { describe, expect, it } from 'vitest';
import { bareModelId, ENDED_MODELS, LEGACY_MODELS } from '../../../lib/facts/model-lifecycle';

const hasEnded = (id: string) => ENDED_MODELS.find(({ pattern }) => pattern.test(bareModelId(id)))?.ended;
const endsSoon = (id: string) => LEGACY_MODELS.find(([pattern]) => pattern.test(bareModelId(id)))?.[1];

describe('the life of a model', () => {
  it.each([
    ['anthropic.claude-3-haiku-20240307-v1:0', '2026-09-10'],
    ['eu.anthropic.claude-3-7-sonnet-20250219-v1:0', '2026-07-30'],
    ['us.anthropic.claude-sonnet-4-20250514-v1:0', '2026-10-14'],
    ['arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-text-express-v1', '2025-08-15'],
    ['anthropic.claude-haiku-4-5-20251001-v1:0', undefined],
    ['amazon.nova-lite-v1:0', undefined],
    ['amazon.titan-embed-text-v2:0', undefined],
    ['meta.llama3-1-70b-instruct-v1:0', undefined],
  ])('of %s ended: %s', (id, ended) => {
    expect(hasEnded(id)).toBe(ended);
  });

  it.each([
    ['global.anthropic.claude-sonnet-4-5-20250929-v1:0', '2027-04-08'],
    ['anthropic.claude-opus-4-1-20250805-v1:0', '2027-01-08'],
    ['anthropic.claude-haiku-4-5-20251001-v1:0', undefined],
  ])('of %s ends soon: %s', (id, ends) => {
    expect(endsSoon(id)).toBe(ends);
    expect(hasEnded(id)).toBeUndefined();
  });

  it.each([
    ['arn:aws:bedrock:eu-west-1:111111111111:inference-profile/eu.amazon.nova-2-lite-v1:0', 'amazon.nova-2-lite-v1:0'],
    ['us-gov.anthropic.claude-x', 'anthropic.claude-x'],
    ['amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
    ['usa.model', 'usa.model'],
  ])('of %s is that of %s', (id, bare) => {
    expect(bareModelId(id)).toBe(bare);
  });

  it('ended on a day', () => {
    for (const { ended } of ENDED_MODELS) expect(new Date(ended).toISOString().slice(0, 10)).toBe(ended);
    for (const [, ends] of LEGACY_MODELS) expect(new Date(ends).toISOString().slice(0, 10)).toBe(ends);
  });
});
