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
    ...encryption.use(principal, ['kms:Decrypt'], guardrail),
  ];
}
