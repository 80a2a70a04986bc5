import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webAppTarget } from '../../../../patterns/web-app/local/fuzz';
import { stackOf } from '../../../assemblies';
import { FuzzFixture, found } from '../../../local/fuzz/fuzz-fixture';

let fixture: FuzzFixture;
beforeAll(async () => {
  fixture = new FuzzFixture(await stackOf('WebApp'));
});
afterAll(() => fixture.end());

const API = { 'items-api': 'web-app/handlers/items-api' };

describe('drawn requests to the web app', () => {
  it('find nothing wrong, by the database that is behind it', async () => {
    const { faults, statuses, requests } = await found(webAppTarget(fixture.stack), { requests: 400 });
    expect(faults).toBe('');
    expect(requests).toBeGreaterThanOrEqual(400);
    for (const status of [200, 201, 204, 400, 401, 404]) expect(statuses.get(status)).toBeGreaterThan(0);
  });

  it("find a query that reads another user's item", async () => {
    const code = await fixture.weakened({
      handlers: API,
      source: 'patterns/web-app/runtime/items-repository.ts',
      replace: ['WHERE i.id = $1 AND i.owner = $2`;', 'WHERE i.id = $1 AND $2 <> i.title`;'],
    });
    const { faults } = await found(webAppTarget(fixture.stack, { code }), { requests: 400, smallest: true });
    expect(faults).toMatch(/answers 200 to a valid request, not .*404/);
    expect(faults).toMatch(/tells \w+ what is another's/);
  });

  it('find a delete that leaves the files behind', async () => {
    const code = await fixture.weakened({
      handlers: API,
      source: 'patterns/web-app/runtime/item-routes.ts',
      replace: ["await items.remove(c.get('owner'), id,", "if (id === '') await items.remove(c.get('owner'), id,"],
    });
    const { faults } = await found(webAppTarget(fixture.stack, { code }), { requests: 400 });
    expect(faults).toMatch(/answers 200 to a valid request, not 404|is stored, and no answer reported it/);
  });

  it('find a handler that fails at what a client got wrong, and show the one request', async () => {
    const code = await fixture.weakened({
      handlers: API,
      source: 'lib/runtime/problem.ts',
      replace: ['error instanceof Problem ? error', 'error instanceof Problem && error.status !== 415 ? error'],
    });
    const { faults, lines } = await found(webAppTarget(fixture.stack, { code }), { requests: 400, smallest: true });
    expect(faults).toMatch(/^answers 50[03]/);
    expect(lines).toHaveLength(1);
  });
});
