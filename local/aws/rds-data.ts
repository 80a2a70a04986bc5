import { randomUUID } from 'node:crypto';
import { Client, DatabaseError, type FieldDef } from 'pg';
import { AwsError, type LocalInput, type LocalService } from './service';

/** A parameter as the Data API names them: `{ name, value: { stringValue } }`. */
interface NamedParameter {
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Types that come as numbers, by their ids in PostgreSQL (pg_type.oid): int8, int2, int4; float4, float8; bool; void. */
const WHOLE = [20, 21, 23];
const FRACTION = [700, 701];
const BOOLEAN = 16;
const VOID = 2278;
/** Members of a parameter's value that are taken; arrays and blobs are not. */
const TAKEN = ['stringValue', 'longValue', 'doubleValue', 'booleanValue'];

/**
 * The RDS Data API in front of a PostgreSQL that is really there (AWS: RDS Data API reference). Each transaction is a connection;
 * a statement without one is a transaction by itself. It takes the secret's ARN for what it is not asked to prove.
 */
export class LocalRdsData implements LocalService {
  private readonly transactions = new Map<string, Client>();

  /** @param connectionString of the administrator */
  constructor(private readonly connectionString: string) {}

  async call(action: string, input: LocalInput): Promise<LocalInput> {
    for (const name of ['resourceArn', 'secretArn']) {
      if (typeof input[name] !== 'string') throw new AwsError('BadRequestException', `${name} is missing`);
    }
    switch (action) {
      case 'BeginTransaction':
        return this.begin(input);
      case 'Execute':
        return this.execute(input);
      case 'CommitTransaction':
        return this.end(input, 'COMMIT', 'Transaction Committed');
      case 'RollbackTransaction':
        return this.end(input, 'ROLLBACK', 'Rollback Complete');
      default:
        throw new AwsError('BadRequestException', `The local Data API does not know ${action}`);
    }
  }

  /** Transactions that were begun and not ended. */
  get open(): number {
    return this.transactions.size;
  }

  /** Ends every connection; what was not committed is gone. */
  async close(): Promise<void> {
    await Promise.all([...this.transactions.values()].map((client) => client.end()));
    this.transactions.clear();
  }

  private async begin(input: LocalInput): Promise<LocalInput> {
    const client = await this.connect(input);
    await client.query('BEGIN');
    const transactionId = randomUUID();
    this.transactions.set(transactionId, client);
    return { transactionId };
  }

  private async execute(input: LocalInput): Promise<LocalInput> {
    const id = input['transactionId'];
    if (id !== undefined) return this.run(this.transaction(id), input);
    const client = await this.connect(input);
    try {
      return await this.run(client, input);
    } finally {
      await client.end();
    }
  }

  private async run(client: Client, input: LocalInput): Promise<LocalInput> {
    const { text, values } = positional(String(input['sql']), (input['parameters'] ?? []) as NamedParameter[]);
    try {
      // Named, so that it is prepared: like the Data API, PostgreSQL then takes one statement and no more.
      const { rows, fields, rowCount } = await client.query<unknown[]>({
        text,
        values,
        rowMode: 'array',
        name: randomUUID(),
      });
      if (fields.some(({ dataTypeID }) => dataTypeID === VOID)) {
        throw new AwsError('UnsupportedResultException', 'The result contains the unsupported data type VOID.');
      }
      return {
        numberOfRecordsUpdated: fields.length === 0 ? (rowCount ?? 0) : 0,
        ...(fields.length > 0 && {
          records: rows.map((row) => row.map((value, index) => field(value, fields[index]))),
        }),
      };
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw new AwsError('DatabaseErrorException', `ERROR: ${error.message}; SQLState: ${error.code}`);
    }
  }

  private async end(input: LocalInput, statement: string, transactionStatus: string): Promise<LocalInput> {
    const client = this.transaction(input['transactionId']);
    this.transactions.delete(String(input['transactionId']));
    await client.query(statement);
    await client.end();
    return { transactionStatus };
  }

  private transaction(id: unknown): Client {
    const client = this.transactions.get(String(id));
    if (client === undefined) throw new AwsError('TransactionNotFoundException', `Transaction ${id} is not found`, 404);
    return client;
  }

  private async connect({ database }: LocalInput): Promise<Client> {
    const client = new Client({
      connectionString: this.connectionString,
      ...(typeof database === 'string' && { database }),
    });
    // A connection that is cut while no one asks must not end the process.
    client.on('error', () => {});
    await client.connect();
    return client;
  }
}

/** Puts `$1` for `:name`, which is not a cast. */
function positional(sql: string, parameters: readonly NamedParameter[]): { text: string; values: unknown[] } {
  const names = parameters.map(({ name }) => name);
  const text = sql.replaceAll(/(?<!:):([a-z_][a-z0-9_]*)/gi, (whole, name: string) => {
    const position = names.indexOf(name);
    return position < 0 ? whole : `$${position + 1}`;
  });
  return { text, values: parameters.map(typed) };
}

function typed({ name, value }: NamedParameter): unknown {
  if (value['isNull'] === true) return null;
  const member = TAKEN.find((candidate) => value[candidate] !== undefined);
  if (member === undefined)
    throw new AwsError('BadRequestException', `The local Data API cannot read parameter ${name}`);
  return value[member];
}

/** A value of a row in the shape of the Data API's `Field`. */
function field(value: unknown, of: FieldDef | undefined): LocalInput {
  const type = of?.dataTypeID ?? 0;
  if (value === null) return { isNull: true };
  if (type === BOOLEAN) return { booleanValue: value };
  if (WHOLE.includes(type)) return { longValue: Number(value) };
  if (FRACTION.includes(type)) return { doubleValue: Number(value) };
  return { stringValue: value instanceof Date ? value.toISOString() : String(value) };
}
