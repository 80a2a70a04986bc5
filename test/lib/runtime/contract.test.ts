import { expect, it } from 'vitest';
import { HANDLED_EVENT_MEMORY_DAYS, INLINE_PAYLOAD_LIMIT_BYTES } from '../../../lib/runtime/contract';

it('keeps half of what SNS takes for what travels beside a payload', () => {
  expect(INLINE_PAYLOAD_LIMIT_BYTES).toBe(262_144 / 2);
});

it('remembers an event for longer than it can wait in a queue and then in a dead-letter queue', () => {
  expect(HANDLED_EVENT_MEMORY_DAYS).toBe(30);
  expect(HANDLED_EVENT_MEMORY_DAYS).toBeGreaterThan(14 + 14);
});
