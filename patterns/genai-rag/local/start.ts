import { novaProfile } from '../../../lib/facts/inference-profiles';
import type { AccountGuardrail } from '../../../local/aws/bedrock/account-models';
import type { LocalService } from '../../../local/aws/service';
import type { OpenSite, StartValues } from '../../../local/cli/local-pattern';
import type { SynthesizedPattern } from '../../../local/cli/patterns';
import { onPort, tokenOf } from '../../../local/cli/site-start';
import { UsageError } from '../../../local/cli/usage-error';
import type { Clock } from '../../../local/clock/clock';
import type { LocalEngineOptions } from '../../../local/engine/local-engine';
import { STAND_INS } from './demo';
import { fillLibrary } from './library';
import { openRag, type RagSite, settingOf, TEST_USERS } from './place';

/** Models of the caller's own account, in place of the one that stands in. */
export interface OwnModels {
  /** Undefined: none, as was asked for. */
  readonly guardrail: AccountGuardrail | undefined;
  /** Of the caller's environment or profile. Undefined: that of the template. */
  readonly region: string | undefined;
}

/**
 * What `--bedrock` and `--guardrail` say.
 *
 * @throws UsageError without a guardrail: that of the template is not in the account, and to ask without one is not for us to choose
 */
export async function ownModels({ bedrock, guardrail, assembly }: StartValues): Promise<OwnModels | undefined> {
  if (bedrock !== true) {
    if (guardrail !== undefined) throw new UsageError('--guardrail goes with --bedrock');
    return undefined;
  }
  if (guardrail === undefined) {
    throw new UsageError(
      'The guardrail of the template is not in your account: pass yours with --guardrail <id>:<version>, or use none with --guardrail none',
    );
  }
  const [, id = '', version = ''] = /^(\S+):([1-9]\d{0,7})$/.exec(guardrail) ?? [];
  if (guardrail !== 'none' && id === '') {
    throw new UsageError(`--guardrail is <id>:<number of a version>, or none, not "${guardrail}"`);
  }
  const chosen = guardrail === 'none' ? undefined : { id, version };
  // Who brings a template has chosen its model, and where that is.
  if (assembly !== undefined) return { region: undefined, guardrail: chosen };
  try {
    const { BedrockRuntimeClient } = await import('@aws-sdk/client-bedrock-runtime');
    const region = await new BedrockRuntimeClient({}).config.region();
    return { region, guardrail: chosen };
  } catch {
    throw new UsageError('--bedrock needs a region: set AWS_REGION, or use a profile with a region');
  }
}

/** Opens the GenAI application to be tried. */
export async function genAiRagSite(values: StartValues): Promise<OpenSite> {
  const own = await ownModels(values);
  return async (pattern, port, options) => {
    const place = await openGenAiRag(pattern, port, own, options);
    return { place, engine: place.engine, texts: textsOf(place, own) };
  };
}

/** Runs the GenAI application to be tried, with something to ask in it. @throws UsageError for a port that is taken */
async function openGenAiRag(
  { stack }: SynthesizedPattern,
  port: number,
  own: OwnModels | undefined,
  options: { readonly clock: Clock } & Pick<LocalEngineOptions, 'onLog'>,
): Promise<RagSite> {
  const models = own && (await accountModels(stack.deployment, own));
  const site = await onPort(port, () => openRag(stack, { ...options, ...models, port }));
  try {
    await fillLibrary(site.inside);
    return site;
  } catch (error) {
    await site.stop();
    throw error;
  }
}

/** The SDK is loaded for this alone. */
async function accountModels(deployment: SynthesizedPattern['stack']['deployment'], own: OwnModels) {
  const { region, modelId } = modelOf(deployment, own);
  const [{ BedrockRuntimeClient }, { AccountModels }] = await Promise.all([
    import('@aws-sdk/client-bedrock-runtime'),
    import('../../../local/aws/bedrock/account-models.js'),
  ]);
  const client = new BedrockRuntimeClient({ region });
  return {
    models: (standIn: LocalService) => new AccountModels(standIn, client, { modelId, guardrail: own.guardrail }),
  };
}

const NOTE = 'The ferry to Nagu leaves at nine.';
const FORM = '--form-string ';

/** What a person needs to know to try it. */
function textsOf(site: RagSite, own: OwnModels | undefined): readonly string[] {
  const { url, engine, pool, client } = site;
  const [[user = '', group = ''] = [], ...others] = Object.entries(TEST_USERS);
  const token = tokenOf(pool, user, client);
  const call = (path: string) => `curl -s ${url}/api/${path} -H "authorization: Bearer $TOKEN"`;
  const post = (path: string, key: string, body: string) =>
    `${call(path)} -H 'content-type: application/json' -H 'idempotency-key: ${key}' -d '${body}'`;
  const announced = JSON.stringify({ name: 'ferry.txt', contentType: 'text/plain', size: NOTE.length });
  const fields = `Object.entries(fields).map(([k, v]) => "${FORM}" + k + "=" + v).join(" ")`;
  const form = `node -p 'const { url, fields } = JSON.parse(fs.readFileSync("form.json")).upload; ${fields} + " -F file=@ferry.txt " + url'`;
  const conversation = '019b76da-0000-7000-8000-000000000001';
  return [
    `The site is at ${url}\n\nSign in as ${user} (${group}), ${others.map((each) => each.join(' (')).join('), ')}), or any other address, which is a tenant of its own: the login here asks for no password. The documents of this project are in it: those of its patterns are of tenant globex, the rest of acme.`,
    modelsOf(site, own),
    `A token of ${user} for the API, good for an hour:\n\nexport TOKEN='${token}'`,
    `An answer as it comes (-N), with its sources:\n\n${post(`conversations/${conversation}/messages`, '1', '{"question":"What does npm start do?"}').replace('curl -s', 'curl -sN')} -H 'accept: text/event-stream'`,
    `A document, announced and sent. It is ingested within three minutes, as the schedule of ${engine.deployment.stackName} says:\n\nprintf '${NOTE}' >ferry.txt\n${post('documents', '1', announced)} >form.json\ncurl -s -w '%{http_code}\\n' $(${form})`,
    call('documents'),
  ];
}

function modelsOf({ engine }: RagSite, own: OwnModels | undefined): string {
  if (own === undefined) return STAND_INS;
  const { guardrail } = own;
  const { region, modelId = settingOf(engine, 'modelId') } = modelOf(engine.deployment, own);
  const guarded =
    guardrail === undefined
      ? 'without a guardrail, as you asked'
      : `behind guardrail ${guardrail.id}, version ${guardrail.version}`;
  return `Answers are by ${modelId} of your account in ${region}, ${guarded}: Bedrock bills them. A keyword index (BM25) still replaces the knowledge base.`;
}

/** Where a model is asked, and which in place of the template's, whose profile is of its own region. */
function modelOf(
  deployment: { readonly region: string },
  { region = deployment.region }: OwnModels,
): { readonly region: string; readonly modelId?: string } {
  if (region === deployment.region) return { region };
  const modelId = novaProfile(region);
  if (modelId === undefined)
    throw new UsageError(`Amazon Nova has no profile for ${region}: choose another AWS_REGION`);
  return { region, modelId };
}
