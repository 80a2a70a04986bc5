import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalPostgres, startPostgres } from '../../../local/servers/postgres';

let postgres: LocalPostgres;
let clients: Client[] = [];
beforeAll(async () => {
  postgres = await startPostgres('app');
  const administrator = await connect();
  await administrator.query('CREATE ROLE visitor LOGIN');
  await administrator.query('CREATE TABLE notes (id int PRIMARY KEY, text text)');
  await administrator.query('GRANT SELECT, INSERT ON notes TO visitor');
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  await (await connect()).query('DELETE FROM notes');
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  clients = [];
});

async function connect(user = 'postgres'): Promise<Client> {
  const client = new Client({ host: '127.0.0.1', port: postgres.port, user, database: 'app', password: 'any' });
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

const insert = (client: Client, id: number) => client.query('INSERT INTO notes VALUES ($1, $2)', [id, `note ${id}`]);
const ids = async (client: Client) => (await client.query<{ id: number }>('SELECT id FROM notes ORDER BY id')).rows;

describe('a PostgreSQL in this process', () => {
  it('answers each of many clients what it asked', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, () => connect('visitor')));
    const answers = await Promise.all(
      many.map(async (client, number) => {
        const wrong: unknown[] = [];
        for (let turn = 0; turn < 20; turn += 1) {
          const { rows } = await client.query('SELECT $1::int AS number, $2::int AS turn', [number, turn]);
          if (rows[0].number !== number || rows[0].turn !== turn) wrong.push(rows);
        }
        return wrong;
      }),
    );
    expect(answers.flat()).toEqual([]);
  });

  it('lets a transaction end before anyone else is served', async () => {
    const [first, second] = await Promise.all([connect(), connect()]);
    await first.query('BEGIN');
    await insert(first, 1);
    const seen = ids(second);
    await first.query('ROLLBACK');
    expect(await seen).toEqual([]);
  });

  it('goes on after an error, also in a transaction', async () => {
    const client = await connect();
    await insert(client, 1);
    await expect(insert(client, 1)).rejects.toMatchObject({ code: '23505' });
    await client.query('BEGIN');
    await expect(insert(client, 1)).rejects.toMatchObject({ code: '23505' });
    await expect(insert(client, 2)).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    expect(await ids(await connect())).toEqual([{ id: 1 }]);
  });

  it('lets a role do what it was granted, and no more', async () => {
    const [visitor, administrator] = [await connect('visitor'), await connect()];
    await insert(visitor, 1);
    await expect(visitor.query('DELETE FROM notes')).rejects.toMatchObject({ code: '42501' });
    expect((await administrator.query('SELECT current_user AS name')).rows).toEqual([{ name: 'postgres' }]);
    await expect(connect('nobody')).rejects.toThrow('role "nobody" does not exist');
  });

  it('rolls back what a client left open when its connection was cut, and keeps what was committed', async () => {
    const client = await connect();
    await insert(client, 1);
    await client.query('BEGIN');
    await insert(client, 2);
    await postgres.cut();
    await expect(client.query('COMMIT')).rejects.toThrow();
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await postgres.open();
    expect(await ids(await connect())).toEqual([{ id: 1 }]);
  });

  it('serves on however often and wherever connections are cut', async () => {
    const told = new Set<number>();
    const work = async (number: number) => {
      for (let turn = 0; turn < 25; ) {
        try {
          const client = await connect('visitor');
          for (; turn < 25; turn += 1) {
            const id = number * 1000 + turn;
            const { rows } = await client.query('INSERT INTO notes VALUES ($1) ON CONFLICT DO NOTHING RETURNING id', [
              id,
            ]);
            if (rows.length > 0) told.add(id);
          }
        } catch {
          await new Promise((later) => setTimeout(later, 5));
        }
      }
    };
    const all = Promise.all([1, 2, 3, 4].map(work));
    for (let times = 0; times < 4; times += 1) {
      await new Promise((later) => setTimeout(later, 20));
      await postgres.cut();
      await postgres.open();
    }
    await all;
    const kept = (await ids(await connect())).map(({ id }) => id);
    expect(kept).toHaveLength(100);
    expect([...told].filter((id) => !kept.includes(id))).toEqual([]);
  });
});
