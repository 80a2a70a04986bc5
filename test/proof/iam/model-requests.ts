import { guardrailProfile } from '../../../lib/facts/guardrail-profiles';
import { GEOGRAPHIES } from '../../../lib/facts/inference-profiles';
import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { Encryption } from './encryption';
import type { AccessRequest } from './policies';

/**
 * What is checked when a model is asked for a stream: the profile, its model in whichever region the call goes to, by way of the
 * profile, and the guardrail, which is encrypted (AWS: Bedrock, prerequisites for inference profiles; enforce the use of specific
 * guardrails; create a customer managed key for your guardrail).
 */
export function modelRequests(
  principal: string,
  input: Readonly<Record<string, unknown>>,
  template: ResolvedTemplate,
  encryption: Encryption,
): AccessRequest[] {
  const { account, region } = template.deployment;
  const modelId = String(input['modelId']);
  const { guardrailIdentifier: id, guardrailVersion: version } = input['guardrailConfig'] as {
    readonly guardrailIdentifier: string;
    readonly guardrailVersion: string;
  };
  const guardrail = `arn:aws:bedrock:${region}:${account}:guardrail/${id}`;
  const profile = `arn:aws:bedrock:${region}:${account}:inference-profile/${modelId}`;
  const [, geography = '', model = ''] = /^([a-z-]+)\.(.+)$/.exec(modelId) ?? [];
  const { regions } = GEOGRAPHIES[geography] ?? { regions: [] };
  if (regions.length === 0) throw new Error(`${modelId} is no profile that is known here`);
  const action = 'bedrock:InvokeModelWithResponseStream';
  const context = { 'bedrock:GuardrailIdentifier': `${guardrail}:${version}` };
  return [
    { principal, action, resource: profile, context },
    // A call may stay where it came from (the same page).
    ...[...new Set([...regions, region])].map((each) => ({
      principal,
      action,
      resource: `arn:aws:bedrock:${each}::foundation-model/${model}`,
      context: { ...context, 'bedrock:InferenceProfileArn': profile },
    })),
    { principal, action: 'bedrock:ApplyGuardrail', resource: guardrail },
    ...judgedBy(template, id).map((resource) => ({ principal, action: 'bedrock:ApplyGuardrail', resource })),
    ...encryption.use(principal, ['kms:Decrypt'], guardrail),
  ];
}

/** The profile of a guardrail of the standard tier in each region that may judge (AWS: Bedrock, guardrail-profiles-permissions). */
function judgedBy(template: ResolvedTemplate, guardrailId: string): readonly string[] {
  const { region } = template.deployment;
  const guardrail = template.ofType('AWS::Bedrock::Guardrail').find(({ arn }) => arn?.endsWith(`/${guardrailId}`));
  const config = guardrail?.properties['CrossRegionConfig'] as { readonly GuardrailProfileArn: string } | undefined;
  if (config === undefined) return [];
  return (guardrailProfile(region)?.regions ?? []).map((each) =>
    config.GuardrailProfileArn.replace(/^(arn:[^:]*:bedrock):[^:]*/, `$1:${each}`),
  );
}
