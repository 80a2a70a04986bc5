import { textOf } from '../../../template/literal-text';
import type { TemplateResource } from '../../../template/template-resource';
import type { Place } from '../place';
import { type Answer, type Aws, type Check, cannotTell, ok, type Question, willFail } from '../question';

/** A model, or an inference profile of AWS's, by the id that templates name. */
const MODEL = /:(foundation-model|inference-profile)\/([A-Za-z0-9._:-]+)$/;

/** Whether the account may call the models that templates name in ARNs (AWS: Bedrock, access to foundation models). */
export const modelAccess: Check = {
  id: 'model-access',
  questions: (place) => {
    const named = modelsOf(place);
    const inProfiles = new Set([...named.profiles.keys()].map((id) => id.replace(/^[a-z-]+\./, '')));
    return [
      ...[...named.profiles].map(
        ([id, resources]): Question => ({
          subject: id,
          resources,
          ask: (aws) => profile(aws, place, id),
        }),
      ),
      // What is called by its profile only is judged where the profile goes.
      ...[...named.models].flatMap(([id, resources]): readonly Question[] =>
        inProfiles.has(id) ? [] : [{ subject: id, resources, ask: (aws) => model(aws, id, place.region) }],
      ),
    ];
  },
};

interface Named {
  readonly models: ReadonlyMap<string, readonly TemplateResource[]>;
  readonly profiles: ReadonlyMap<string, readonly TemplateResource[]>;
}

function modelsOf(place: Place): Named {
  const models = new Map<string, TemplateResource[]>();
  const profiles = new Map<string, TemplateResource[]>();
  for (const resource of place.resources) {
    for (const text of new Set(textsIn(resource.properties))) {
      const [, kind, id = ''] = MODEL.exec(text) ?? [];
      if (kind === undefined) continue;
      const found = kind === 'foundation-model' ? models : profiles;
      found.set(id, [...new Set([...(found.get(id) ?? []), resource])]);
    }
  }
  return { models, profiles };
}

/** The texts of a value; a text that is put together counts as a whole. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if ('Fn::Join' in value || 'Fn::Sub' in value) return [textOf(value)];
  return Object.values(value).flatMap(textsIn);
}

async function profile(aws: Aws, place: Place, id: string): Promise<Answer> {
  const found = await unlessMissing(aws.call('bedrock:GetInferenceProfile', { inferenceProfileIdentifier: id }));
  const { status, models = [] } = found ?? {};
  if (status !== 'ACTIVE') {
    return willFail(
      `The inference profile is not there for ${place.region}: name another model or profile`,
      `aws bedrock list-inference-profiles --region ${place.region}`,
    );
  }
  const [, region, modelId] =
    /^arn:[^:]+:bedrock:([^:]+):[^:]*:foundation-model\/(.+)$/.exec(models[0]?.modelArn ?? '') ?? [];
  if (region === undefined || modelId === undefined)
    return cannotTell('The inference profile does not say which model it calls');
  return model(aws, modelId, region);
}

async function model(aws: Aws, id: string, region: string): Promise<Answer> {
  const found = await unlessMissing(aws.call('bedrock:GetFoundationModelAvailability', { modelId: id }, region));
  const list = `aws bedrock list-foundation-models --region ${region}`;
  if (found === undefined) return willFail(`Bedrock has no model ${id} in ${region}`, list);
  const { agreementAvailability, authorizationStatus, entitlementAvailability, regionAvailability } = found;
  if (regionAvailability === 'NOT_AVAILABLE') return willFail(`${id} is not in ${region}`, list);
  if (authorizationStatus === 'NOT_AUTHORIZED') {
    return willFail(
      `The account is not authorized for ${id}: sign in to the console of Bedrock, Model catalog, and open it`,
    );
  }
  const agreement = agreementAvailability?.status;
  if (agreement === 'PENDING') return cannotTell(`The agreement for ${id} is being made; ask again in 15 minutes`);
  if (entitlementAvailability === 'NOT_AVAILABLE' || (agreement !== undefined && agreement !== 'AVAILABLE')) {
    return willFail(
      `The account has no access to ${id}: its provider's terms are not agreed to, and a role that only calls it cannot do that`,
      ...(id.startsWith('anthropic.')
        ? ['aws bedrock put-use-case-for-model-access --form-data fileb://use-case.json']
        : []),
      `aws bedrock list-foundation-model-agreement-offers --region ${region} --model-id ${id}`,
      `aws bedrock create-foundation-model-agreement --region ${region} --model-id ${id} --offer-token <offerToken of the offer>`,
    );
  }
  return ok(`${id} can be called in ${region}`);
}

/** What is answered; undefined for an id that Bedrock does not know there. */
async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && /^(ResourceNotFound|Validation)Exception$/.test(error.name)) return undefined;
    throw error;
  }
}
