// @project proofs
// @node24 alone

import { setTimeout as wait } from 'node:timers/promises';
import type { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../lib/runtime/postgres';
import type { ApplicationEnvironment } from '../../../../patterns/web-app/runtime/application-context';
import { describeWithPostgres, describeWithRedis } from '../../../fixtures/describe-with';
import { type PostgresFixture, startPostgres } from '../../../fixtures/postgres';
import { type RedisFixture, startRedis } from '../../../fixtures/redis';
import { openGate, type TcpGate } from '../../../fixtures/tcp-gate';
import { applicationOn, ask, counted, create, newKey } from './application-fixture';

type Application = Hono<ApplicationEnvironment>;

/** Cuts a connection after a change took effect and before its caller hears of it, once. */
function losingAnswerOf(database: Database, statement: RegExp, gate: TcpGate, committed: () => Promise<boolean>) {
  let isDone = false;
  const losing: Database = {
    async query(text, values, on) {
      if (isDone || !statement.test(text)) return database.query(text, values, on);
      isDone = true;
      gate.muffle(true);
      const answer = database.query<never>(text, values, on);
      answer.catch(() => {});
      while (!(await committed())) await wait(5);
      gate.muffle(false);
      gate.cut();
      return answer as never;
    },
    close: () => database.close(),
  };
  return losing;
}

describeWithPostgres('items while connections are lost', () => {
  let postgres: PostgresFixture;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());
  afterEach(() => postgres.disconnect());

  const stored = async (id: string) =>
    (
      await postgres.query<{ title: string; version: number }>('SELECT title, version FROM items WHERE id = $1', [id])
    )[0];

  describe('whose answer is lost after the change took effect', () => {
    const lost = async (statement: RegExp, committed: (id: string) => Promise<boolean>, id = '') => {
      const gate = await openGate(postgres.endpoint);
      const database = postgres.connect({ writer: gate.endpoint, maxConnections: 1 });
      await database.query('SELECT 1', []);
      const application = applicationOn(losingAnswerOf(database, statement, gate, () => committed(id)));
      return { application, close: () => gate.close() };
    };
    const change = (application: Application, id: string, title: string) =>
      ask(application, `/api/items/${id}`, {
        method: 'PUT',
        headers: { 'if-match': '"1"' },
        body: { title, notes: '' },
      });

    it('knows its own change again', async () => {
      const item = await create(applicationOn(postgres.connect()));
      const committed = async (id: string) => (await stored(id))?.version === 2;
      const { application, close } = await lost(/UPDATE items/, committed, item.id);
      const answer = await change(application, item.id, 'mine');
      expect([answer.status, answer.json.title, answer.json.version]).toEqual([200, 'mine', 2]);
      expect(await stored(item.id)).toEqual({ title: 'mine', version: 2 });
      await close();
    });

    it('does not take another’s change for its own', async () => {
      const item = await create(applicationOn(postgres.connect()));
      const gate = await openGate(postgres.endpoint);
      const database = postgres.connect({ writer: gate.endpoint, maxConnections: 1 });
      await database.query('SELECT 1', []);
      let isDone = false;
      const losing: Database = {
        async query(text, values, on) {
          if (isDone || !/UPDATE items/.test(text)) return database.query(text, values, on);
          isDone = true;
          // The first try is lost before it took effect, and meanwhile another’s change does.
          await postgres.query("UPDATE items SET title = 'theirs', version = 2 WHERE id = $1", [item.id]);
          const answer = database.query<never>(text, values, on);
          gate.cut();
          return answer as never;
        },
        close: () => database.close(),
      };
      const answer = await change(applicationOn(losing), item.id, 'mine');
      expect([answer.status, answer.json.code]).toEqual([412, 'version_mismatch']);
      expect(await stored(item.id)).toEqual({ title: 'theirs', version: 2 });
      await gate.close();
    });

    it('says that it cannot know, when others went on from there', async () => {
      const item = await create(applicationOn(postgres.connect()));
      const committed = async (id: string) => {
        if ((await stored(id))?.version !== 2) return false;
        await postgres.query("UPDATE items SET title = 'theirs', version = 3 WHERE id = $1", [id]);
        return true;
      };
      const { application, close } = await lost(/UPDATE items/, committed, item.id);
      const answer = await change(application, item.id, 'mine');
      expect([answer.status, answer.json.code]).toEqual([409, 'outcome_unknown']);
      await close();
    });

    it('makes one item', async () => {
      const count = async () =>
        Number((await postgres.query<{ n: string }>("SELECT count(*) n FROM items WHERE owner = 'nora'"))[0]?.n);
      const { application, close } = await lost(/INSERT INTO items/, async () => (await count()) === 1);
      const item = await create(application, 'nora');
      expect((await ask(application, `/api/items/${item.id}`, { user: 'nora' })).json.id).toBe(item.id);
      expect(await count()).toBe(1);
      await close();
    });

    it('deletes an item', async () => {
      const item = await create(applicationOn(postgres.connect()));
      const { application, close } = await lost(/DELETE/, async (id) => (await stored(id)) === undefined, item.id);
      expect((await ask(application, `/api/items/${item.id}`, { method: 'DELETE' })).status).toBe(204);
      await close();
    });
  });
});

describeWithPostgres('items under load', () => {
  describeWithRedis('with a cache', () => {
    let postgres: PostgresFixture;
    let redis: RedisFixture;
    beforeAll(async () => {
      [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    });
    afterAll(() => Promise.all([postgres.stop(), redis.stop()]));
    afterEach(() => postgres.disconnect());

    it('makes one read of 100 misses on one item, in four instances of the application', async () => {
      const databases = Array.from({ length: 4 }, () => counted(postgres.connect()));
      const applications = databases.map((database) => applicationOn(database, redis.open()));
      const [first] = applications;
      if (first === undefined) throw new Error('There is no application');
      const { id } = await create(first);
      await postgres.reset();
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) => ask(applications[n % 4] ?? first, `/api/items/${id}`)),
      );
      expect(answers.every(({ status, json }) => status === 200 && json.id === id)).toBe(true);
      // PostgreSQL's own count.
      const reads = (await postgres.statements()).filter(({ query }) => query.includes('FROM items i'));
      expect(reads.map(({ calls }) => calls)).toEqual([1]);
      const asked = databases.map((database) => database.asked.length);
      await ask(first, `/api/items/${id}`);
      expect(databases.map((database) => database.asked.length)).toEqual(asked);
    });

    it('sees each change at once, in every instance', async () => {
      const applications = Array.from({ length: 3 }, () => applicationOn(postgres.connect(), redis.open()));
      const [writer] = applications;
      if (writer === undefined) throw new Error('There is no application');
      const { id } = await create(writer);
      let isOver = false;
      const readers = applications.map(async (application) => {
        while (!isOver) await ask(application, `/api/items/${id}`);
      });
      try {
        for (let version = 1; version <= 40; version += 1) {
          const body = { title: `version ${version + 1}`, notes: '' };
          const headers = { 'if-match': `"${version}"` };
          expect((await ask(writer, `/api/items/${id}`, { method: 'PUT', headers, body })).status).toBe(200);
          const seen = await Promise.all(applications.map((application) => ask(application, `/api/items/${id}`)));
          expect(seen.map(({ json }) => json.version)).toEqual(applications.map(() => version + 1));
        }
      } finally {
        isOver = true;
      }
      await Promise.all(readers);
    });

    it('loses nothing and answers nothing wrongly while the cache dies and connections are cut', async () => {
      // As with a failover: the connections are cut, and what stood behind the name is elsewhere.
      const gate = await openGate(postgres.endpoint);
      const second = await openGate(postgres.endpoint);
      const applications = Array.from({ length: 3 }, () =>
        applicationOn(postgres.connect({ writer: gate.endpoint, maxConnections: 5 }), redis.open()),
      );
      const troubles: string[] = [];
      const expectStatus = (what: string, { status, text }: { status: number; text: string }, wanted: number[]) => {
        if (!wanted.includes(status)) troubles.push(`${what}: ${status} ${text}`);
      };
      let isOver = false;
      /** Answers that each person has had. */
      const answered = Array.from({ length: 12 }, () => 0);
      /** Until everyone has had some more: what was under way at a cut has its answer, however slow the machine is. */
      const goesOn = async () => {
        const before = [...answered];
        while (answered.some((count, n) => count < (before[n] ?? 0) + 3)) await wait(10);
      };
      /** One person, who knows what they wrote and must see just that. */
      const person = async (user: string, n: number) => {
        const asked: typeof ask = async (...request) => {
          const answer = await ask(...request);
          answered[n] = (answered[n] ?? 0) + 1;
          return answer;
        };
        const application = applications[n % applications.length] as Application;
        let rounds = 0;
        while (!isOver || rounds === 0) {
          const key = newKey();
          const made = await asked(application, '/api/items', {
            method: 'POST',
            user,
            headers: { 'idempotency-key': key },
            body: { title: key, notes: '' },
          });
          expectStatus('POST', made, [200, 201]);
          const path = `/api/items/${made.json.id}`;
          for (let version = 1; version <= 3; version += 1) {
            const changed = await asked(application, path, {
              method: 'PUT',
              user,
              headers: { 'if-match': `"${version}"` },
              body: { title: `${key} ${version}`, notes: '' },
            });
            expectStatus('PUT', changed, [200]);
            const found = await asked(application, path, { user });
            expectStatus('GET', found, [200]);
            if (found.json.title !== `${key} ${version}`)
              troubles.push(`GET gave ${found.json.title} after ${version}`);
          }
          if (rounds % 2 === 1) {
            expectStatus('DELETE', await asked(application, path, { method: 'DELETE', user }), [204]);
            expectStatus('GET', await asked(application, path, { user }), [404]);
          }
          rounds += 1;
        }
        return rounds;
      };
      const people = Promise.all(answered.map((_, n) => person(`person-${n}`, n)));
      try {
        await goesOn();
        await redis.kill();
        await goesOn();
        await postgres.cutAll();
        await goesOn();
        await redis.start();
        gate.moveTo(second.endpoint);
        gate.cut();
        await goesOn();
        await postgres.cutAll();
        await goesOn();
        await redis.command('FLUSHALL');
        await goesOn();
      } finally {
        isOver = true;
      }
      const rounds = await people;
      expect(troubles).toEqual([]);
      // What was told to be there is there, once.
      const rows = await postgres.query<{ owner: string; n: number; keys: number }>(
        "SELECT owner, count(*)::int n, count(DISTINCT idempotency_key)::int keys FROM items WHERE owner LIKE 'person-%' GROUP BY owner",
      );
      for (const [n, done] of rounds.entries()) {
        const kept = Math.ceil(done / 2);
        expect(rows.find(({ owner }) => owner === `person-${n}`)).toMatchObject({ n: kept, keys: kept });
      }
      expect(second.taken()).toBeGreaterThan(0);
      await Promise.all([gate.close(), second.close()]);
    });

    it('loses nothing when the cache is flushed', async () => {
      const application = applicationOn(postgres.connect(), redis.open());
      const item = await create(application);
      const before = await ask(application, `/api/items/${item.id}`);
      await redis.command('FLUSHALL');
      expect((await ask(application, `/api/items/${item.id}`)).text).toBe(before.text);
    });
  });
});
