import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { HANDLER_BUNDLE } from '../../../lib/compute/handler-bundle';

const ROOT = resolve(__dirname, '../../..');
const requirePackage = createRequire(__filename);

type Handler = (event: unknown, ...rest: readonly unknown[]) => Promise<unknown>;

/** Handlers of the pattern by their files' names. */
export type Handlers = ReadonlyMap<string, Handler>;

/** What handlers show of a row beside a fixture, and the text of their source that makes it so. */
export interface FixtureProof<Fixture> {
  /** What is proven, when a row has several. */
  readonly of?: string;
  /** Files in `patterns/genai-rag/handlers`, without `.ts`. */
  readonly handlers: readonly string[];
  readonly source: string;
  readonly replace: readonly [string, string];
  /** Beside what the fixture sets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Tells whether the row holds for these handlers; or what they say when they refuse to load in this environment at all. */
  readonly holds: ((fixture: Fixture, handlers: Handlers) => Promise<boolean>) | RegExp;
}

/** Tells whether a proof holds for handlers as written, or with the handling taken out of them. */
export async function holds<Fixture>(
  proof: FixtureProof<Fixture>,
  fixture: Fixture,
  isWeakened: boolean,
): Promise<boolean> {
  const codes = await Promise.all(
    proof.handlers.map(async (name) => [name, await codeOf(name, proof, isWeakened)] as const),
  );
  const load = () => new Map(codes.map(([name, code]) => [name, handlerIn(code)]));
  return proof.holds instanceof RegExp ? refuses(load, proof.holds) : proof.holds(fixture, load());
}

function refuses(load: () => unknown, says: RegExp): boolean {
  try {
    load();
    return false;
  } catch (error) {
    return error instanceof Error && says.test(error.message);
  }
}

/** A handler of these, to be called. */
export function handlerOf(handlers: Handlers, name: string): Handler {
  const handler = handlers.get(name);
  if (handler === undefined) throw new Error(`The proof has no handler ${name}`);
  return handler;
}

/** A handler's code, with one text of one source file replaced. Packages stay outside: they are loaded once for all. */
async function codeOf(
  name: string,
  { source, replace: [from, to] }: Pick<FixtureProof<never>, 'source' | 'replace'>,
  isWeakened: boolean,
): Promise<string> {
  const file = join(ROOT, source);
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${source} has no such text: the proof is out of date`);
  const { outputFiles } = await build({
    ...HANDLER_BUNDLE,
    mainFields: [...HANDLER_BUNDLE.mainFields],
    entryPoints: [join(ROOT, `patterns/genai-rag/handlers/${name}.ts`)],
    minify: false,
    packages: 'external',
    write: false,
    plugins: [
      {
        name: 'take-out-the-handling',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) =>
            isWeakened && path === file ? { contents: text.replace(from, () => to), loader: 'ts' } : undefined,
          );
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

/** Runs a handler's code, in the environment as it is. */
function handlerIn(code: string): Handler {
  const module = { exports: {} as { handler?: Handler } };
  new Function('exports', 'require', 'module', code)(module.exports, requirePackage, module);
  const { handler } = module.exports;
  if (handler === undefined) throw new Error('The code exports no handler');
  return handler;
}
