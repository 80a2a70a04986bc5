// `npm start`: runs a pattern from its synthesized template, and stays until Ctrl-C.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PATTERNS } from '../../patterns/patterns';
import { WallClock } from '../clock/wall-clock';
import { LocalEngine } from '../engine/local-engine';
import type { FunctionDefinition } from '../lambda/sandbox';
import type { SitePlace } from '../scenarios/site-place';
import { type ApiServer, serveApi } from './api-server';
import { type HandlerWatch, ROOT, watchHandlers } from './handler-watch';
import { localCaller } from './local-caller';
import { localPattern, type StartApi } from './local-pattern';
import { openPattern, type SynthesizedPattern } from './patterns';
import { runCommand, UsageError } from './usage-error';

const HELP = `npm start -- [pattern] [options]

  pattern              ${PATTERNS.map(({ name }) => name).join(', ')} (default: event-driven)
  --port <n>           where the API, or the site, listens on 127.0.0.1, 0 for any (default 4000)
  --assembly <folder>  runs what "cdk synth" left there instead of synthesizing (web-app: all of it in one stack)
  --bedrock            has models of your AWS account answer, with your credentials and in your region (genai-rag)
  --guardrail <id:n>   a guardrail of your account and its version for --bedrock, or none`;

const parts: {
  server?: ApiServer;
  watch?: HandlerWatch;
  engine?: LocalEngine;
  place?: SitePlace;
  pattern?: SynthesizedPattern;
  unwatch?: () => void;
} = {};
const clock = new WallClock();
/** What is under way when everything ends has no more to say. */
let stopping = false;
const say = (text: string) => process.stdout.write(`${text}\n`);

async function start(): Promise<number> {
  const { values, positionals } = read();
  if (values.help === true) {
    say(HELP);
    return 0;
  }
  const [name = 'event-driven', ...more] = positionals;
  if (more.length > 0) throw new UsageError(`One pattern at a time, not "${positionals.join(' ')}"`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port is a number from 0 to 65535, not "${values.port}"`);
  }
  const { start: tryout } = await localPattern(name);
  const open = 'site' in tryout ? await tryout.site(values) : undefined;
  if (open === undefined && (values.bedrock === true || values.guardrail !== undefined)) {
    throw new UsageError(`${name} does not use Bedrock models`);
  }
  say(`Synthesizing ${name} (stage dev) …`);
  parts.pattern = await openPattern(name, values.assembly);
  const site = await open?.(parts.pattern, port, { clock, onLog });
  parts.place = site?.place;
  const engine = site?.engine ?? (await startEngine(parts.pattern));
  await engine.loadHandlers();
  const prebuilt = join(ROOT, 'dist', 'handlers', name);
  parts.watch = await watchHandlers(join(ROOT, 'patterns', name, 'handlers'), engine, say, prebuilt);
  const left = Object.entries(engine.notRun).map(([kind, count]) => `${count} ${kind}`);
  say(`Not run here: ${left.join(', ')}.\n`);
  if ('examples' in tryout) await openApi(tryout, engine, port);
  for (const text of site?.texts ?? []) say(`${text}\n`);
  say(`Change a handler in patterns/${name}/handlers and it is reloaded. Ctrl-C ends.\n`);
  return new Promise<number>(() => undefined);
}

async function startEngine({ stack }: SynthesizedPattern): Promise<LocalEngine> {
  parts.engine = await LocalEngine.start(stack, { clock, handlers: 'threads', onLog });
  return parts.engine;
}

async function openApi(tryout: StartApi, engine: LocalEngine, port: number): Promise<void> {
  parts.server = await serveApi(engine.api, port);
  const caller = localCaller(engine);
  const api = caller && { url: parts.server.url, flags: caller.flags };
  say(caller === undefined ? 'There is no API.\n' : `The API is at ${api?.url}. ${caller.preparation}\n`);
  const place = { api, now: clock.now(), environment: environmentOf(engine) };
  for (const command of tryout.examples(place)) say(`${command}\n`);
  parts.unwatch = tryout.watch?.(engine, (text) => stopping || say(text));
}

function environmentOf({ endpoint, deployment: { region } }: LocalEngine): string {
  return `AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test`;
}

function onLog({ service }: FunctionDefinition, line: string): void {
  if (!stopping) say(`${service.padEnd(14)} ${readable(line)}`);
}

/** A line of the handlers' JSON log as a person reads it. */
function readable(line: string): string {
  try {
    const { level, message, error } = JSON.parse(line) as Record<string, unknown>;
    const why = (error as { message?: string } | undefined)?.message?.replace(/\s+/g, ' ').slice(0, 200);
    return `${String(level)} ${String(message)}${why === undefined ? '' : `: ${why}`}`;
  } catch {
    return line;
  }
}

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '4000' },
        assembly: { type: 'string' },
        bedrock: { type: 'boolean' },
        guardrail: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}. See npm start -- --help`);
  }
}

void runCommand(start, async () => {
  stopping = true;
  clock.stop();
  parts.unwatch?.();
  await parts.server?.close();
  await parts.watch?.stop();
  await parts.engine?.stop();
  await parts.place?.stop();
  parts.pattern?.remove();
});
