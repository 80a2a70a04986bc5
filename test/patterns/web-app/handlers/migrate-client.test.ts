import { expect, it, vi } from 'vitest';

const given: { timeouts?: unknown; client?: unknown } = {};

vi.mock('../../../../lib/runtime/call-timeouts', () => ({
  callTimeouts: (timeouts: unknown) => {
    given.timeouts = timeouts;
    return 'the request handler';
  },
}));
vi.mock('@aws-sdk/client-rds-data', () => ({
  RDSDataClient: class {
    constructor(config: unknown) {
      given.client = config;
    }
  },
}));

it('waits for a statement longer than the Data API runs one (45 s), and tries a call three times', async () => {
  await import('../../../../patterns/web-app/handlers/migrate.js');
  expect(given).toEqual({
    timeouts: { answerMs: 60_000 },
    client: { maxAttempts: 3, requestHandler: 'the request handler' },
  });
});
