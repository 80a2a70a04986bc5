import { Client } from 'pg';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { subjectOf } from '../../../local/aws/user-pool';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import type { ApiAnswer } from '../../../local/engine/api-integrations';
import { LocalEngine, type LocalEngineOptions } from '../../../local/engine/local-engine';
import { newActors } from '../../../local/fuzz/actors';
import { originHeaders } from '../../../local/fuzz/origin';
import { apiRequest, bodyOf, type FuzzRequest, headerOf, parsed } from '../../../local/fuzz/request';
import type { Actor, Session, Thing } from '../../../local/fuzz/session';
import type { FuzzPlace, FuzzTarget } from '../../../local/fuzz/target';
import { download, isForm, sendForm } from '../../../local/fuzz/upload';
import { uploadsOf } from '../../../local/scenarios/site-place';
import { WebAppEnvironment } from '../contract';
import { deployWebApp } from './deployment';
import { FILE, ITEM, ITEMS, WEB_APP_OPERATIONS, WEB_APP_ROUTES } from './fuzz-operations';

/** The API of the web app, with its database, and with what becomes of files. */
export async function webAppTarget(
  stack: SynthesizedStack,
  { code }: Pick<LocalEngineOptions, 'code'> = {},
): Promise<FuzzTarget> {
  const deployment = await deployWebApp(stack, new VirtualClock());
  const database = new Client({ connectionString: deployment.postgres.connectionString });
  await database.connect();
  const deployed = deployment.redis === undefined ? withoutCache(deployment.stack) : deployment.stack;
  return {
    operations: WEB_APP_OPERATIONS,
    routes: WEB_APP_ROUTES,
    open: async (seed, onLog) =>
      new Application(await LocalEngine.start(deployed, { seed, code, onLog, holdsTime: true }), database),
    close: async () => {
      await database.end();
      await deployment.stop();
    },
  };
}

/** On a machine without a cache the application has none, instead of one that is down. */
function withoutCache(stack: SynthesizedStack): SynthesizedStack {
  const template = structuredClone(stack.template);
  for (const { Properties } of Object.values(template.Resources)) {
    const { Variables } = (Properties?.['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
    if (Variables?.[WebAppEnvironment.cacheEndpoint] !== undefined) Variables[WebAppEnvironment.cacheEndpoint] = '';
  }
  return { ...stack, template };
}

/** Bytes of the largest file that is really sent. */
const LARGEST_SENT = 1000;

class Application implements FuzzPlace {
  readonly headers: FuzzRequest['headers'];
  private readonly bucket: string;

  constructor(
    readonly engine: LocalEngine,
    private readonly database: Client,
  ) {
    this.headers = originHeaders(engine);
    this.bucket = uploadsOf(engine).bucket;
  }

  actors(run: string): readonly [Actor, ...Actor[]] {
    return newActors(this.engine, run);
  }

  send(request: FuzzRequest): Promise<ApiAnswer> {
    return this.engine.api.request(apiRequest(request));
  }

  /** What of it is in the database is looked at once for all requests of a run, by {@link settled}. */
  footprint(): Readonly<Record<string, number>> {
    const { s3 } = this.engine.stores;
    return { objects: s3.keys(this.bucket).length, uploads: s3.openUploads(this.bucket).length };
  }

  observe(session: Session, actor: Actor, request: FuzzRequest, answer: ApiAnswer): readonly string[] {
    const { statusCode: status, body } = answer;
    if (status >= 400) return [];
    const said = parsed(body) ?? {};
    const path = new URL(`http://localhost${request.path}`).pathname.toLowerCase();
    if (status === 204) return removed(session, actor, path);
    if (request.method === 'GET' && path === ITEMS) return listed(session, actor, said);
    if (request.method === 'PUT' || (request.method === 'POST' && path === ITEMS)) {
      return kept(session, actor, request, said);
    }
    if (status === 201) return attached(session, actor, request, said);
    return [];
  }

  /** The files that were granted come, and are looked at; the database has what was told, and nothing else. */
  async settled(session: Session): Promise<readonly string[]> {
    const faults: string[] = [];
    const files = session.things.filter(({ kind, gone }) => kind === FILE && gone !== 'yes');
    const sent = files.filter(({ granted, shown }) => isForm(granted) && sizeOf(shown) <= LARGEST_SENT);
    for (const { granted, shown } of sent) {
      const status = isForm(granted) ? await sendForm(this.engine, granted, Buffer.alloc(sizeOf(shown), 'a')) : 0;
      if (status !== 204) faults.push(`S3 answers ${status} to the form that was granted`);
    }
    await this.engine.settle();
    for (const file of sent) faults.push(...(await this.lookedAt(file)));
    return [...faults, ...(await this.unaccounted(session))];
  }

  private async lookedAt({ id, owner, path }: Thing): Promise<readonly string[]> {
    const headers = [...this.headers, ['authorization', `Bearer ${owner.token}`] as const];
    const { body } = await this.engine.during(this.send({ method: 'GET', path, query: [], headers }));
    const { attachment, download: granted } = parsed(body) ?? {};
    const { status, size } = (attachment ?? {}) as { status?: string; size?: number };
    if (status === 'quarantined') return [];
    if (status !== 'ready') return [`the file ${id} came, and is ${status} still`];
    const content = await download(this.engine, (granted as { url: string }).url);
    return content?.length === size ? [] : [`the file ${id} is ready, and not what was sent`];
  }

  /** Rows of a run's users that no answer reported, and what an answer reported and is not stored. */
  private async unaccounted({ actors, things }: Session): Promise<readonly string[]> {
    const owners = [actors.map(({ email }) => subjectOf(email))];
    const text = `SELECT 'item' AS kind, id::text FROM items WHERE owner = ANY($1)
      UNION ALL SELECT 'file', id::text FROM attachments WHERE owner = ANY($1)`;
    const { rows } = await this.database.query<{ kind: string; id: string }>(text, owners);
    const stored = new Set(rows.map(({ kind, id }) => `${kind} ${id}`));
    const told = new Set(things.filter(({ gone }) => gone !== 'yes').map(({ kind, id }) => `${kind} ${id}`));
    return [
      ...[...stored].filter((each) => !told.has(each)).map((each) => `${each} is stored, and no answer reported it`),
      ...[...told].filter((each) => !stored.has(each)).map((each) => `${each} was reported, and is not stored`),
    ];
  }

  stop(): Promise<void> {
    return this.engine.stop();
  }
}

function sizeOf({ attachment }: Thing['shown']): number {
  return Number((attachment as { readonly size?: number } | undefined)?.size);
}

type Said = Readonly<Record<string, unknown>>;

function kept(session: Session, actor: Actor, request: FuzzRequest, said: Said): readonly string[] {
  const { id, title, notes, version } = said;
  const sent = bodyOf(request) ?? {};
  if (typeof id !== 'string') return ['keeps an item without telling its id'];
  session.keep({ kind: ITEM, id, owner: actor, path: `${ITEMS}/${id}`, shown: { id, title, notes, version } });
  if (request.method === 'POST') {
    session.keys.set(`${actor.name} item ${headerOf(request, 'idempotency-key')}`, JSON.stringify([title, notes]));
  }
  const isSame = sent['title'] === title && (sent['notes'] ?? '') === notes;
  return isSame ? [] : ['keeps an item with another text than was sent'];
}

function listed(session: Session, actor: Actor, { items, cursor }: Said): readonly string[] {
  if (typeof cursor === 'string') session.cursors.push({ owner: actor, path: ITEMS, text: cursor });
  const own = new Set(session.things.filter(({ owner }) => owner === actor).map(({ id }) => id));
  const ids = ((items ?? []) as { readonly id: string }[]).map(({ id }) => id);
  return ids.filter((id) => !own.has(id)).map((id) => `lists ${id}, which ${actor.name} did not make`);
}

function attached(session: Session, actor: Actor, request: FuzzRequest, said: Said): readonly string[] {
  const { attachment, upload } = said as { attachment?: Said; upload?: unknown };
  const { id, name, contentType, size } = attachment ?? {};
  const item = /\/items\/([^/]+)\//.exec(request.path)?.[1]?.toLowerCase();
  if (typeof id !== 'string' || item === undefined) return ['grants an upload without telling its id'];
  const path = `${ITEMS}/${item}/attachments/${id}`;
  session.keep({ kind: FILE, id, owner: actor, path, shown: { attachment }, granted: upload });
  const sent = bodyOf(request) ?? {};
  const isSame = sent['name'] === name && sent['contentType'] === contentType && sent['size'] === size;
  return isSame ? [] : ['grants another file than was asked for'];
}

/** What an owner deletes is gone, with what is attached to it; what is another's stays. */
function removed(session: Session, actor: Actor, path: string): readonly string[] {
  for (const thing of session.things.filter(({ owner }) => owner === actor)) {
    if (thing.path === path || thing.path.startsWith(`${path}/`)) session.keep({ ...thing, gone: 'yes' });
  }
  return [];
}
