import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type GuardrailProfile, guardrailProfile, isStandardByDefault } from '../facts/guardrail-profiles';
import { refuse, warn } from '../validation/refuse';

/**
 * How a guardrail judges content and topics. `classic`: in its own region, and dependably in English, French and Spanish alone.
 * `standard`: in some 60 languages, in regions of the geography (AWS: Bedrock, safeguard tiers for guardrails policies).
 */
export type GuardrailTier = 'classic' | 'standard';

/** The id of a profile, such as `eu.guardrail.v1:0` (AWS: Bedrock, GuardrailCrossRegionConfig). */
const PROFILE_ID = /^[a-z0-9-]+\.guardrail\.v[0-9:]+$/;

/**
 * The profile of a guardrail in the standard tier; undefined for the classic one. Says where it judges, and warns of a default that
 * does not know most languages.
 *
 * @throws RefusedValueError for `standard` in a region without a profile, or one that only the deployment knows
 */
export function profileOf(scope: IConstruct, tier: GuardrailTier | undefined): GuardrailProfile | undefined {
  const { region } = Stack.of(scope);
  const isUnknown = Token.isUnresolved(region);
  const profile = isUnknown ? undefined : guardrailProfile(region);
  if (tier === 'classic') return undefined;
  if (tier === 'standard') return profile ?? refuseStandard(scope, isUnknown ? undefined : region);
  if (profile === undefined || !isStandardByDefault(region)) {
    const reason = isUnknown
      ? 'the stack has no explicit region'
      : profile === undefined
        ? `${region} has no guardrail profile, which the standard tier requires`
        : `the profile of ${region} judges in ${profile.regions.join(', ')}, further away than the default model`;
    warn(
      scope,
      'bedrock-guardrail-policies',
      `The guardrail is of the classic tier, which is dependable in English, French and Spanish only: ${reason}. Set the tier (policies.tier) to accept it${profile === undefined ? '' : ", or to 'standard'"}.`,
    );
    return undefined;
  }
  Annotations.of(scope).addInfoV2(
    'groundplan:bedrock-guardrail-policies',
    `The guardrail is of the standard tier: it may judge text in ${profile.regions.join(', ')} (${profile.id}). Tier 'classic' stays in ${region}, and knows English, French and Spanish only. [bedrock-guardrail-policies]`,
  );
  return profile;
}

/** ARN of a profile in a region: IAM is asked for it in each that may judge. */
export function profileArn(scope: IConstruct, id: string, region: string): string {
  return Stack.of(scope).formatArn({ service: 'bedrock', region, resource: 'guardrail-profile', resourceName: id });
}

/**
 * ARNs of a profile of a guardrail that is there, in each region that may judge; in all where the table does not have it.
 *
 * @throws RefusedValueError for what is no id of a profile
 */
export function profileArns(scope: IConstruct, id: string): readonly string[] {
  if (!Token.isUnresolved(id) && !PROFILE_ID.test(id)) {
    refuse(scope, {
      prop: 'guardrail.profile',
      value: id,
      allowed: 'the id of a guardrail profile, such as eu.guardrail.v1:0',
      fix: 'pass what `aws bedrock get-guardrail` shows as crossRegionDetails.guardrailProfileId',
      catalogueId: 'bedrock-guardrail-required',
    });
  }
  const { region } = Stack.of(scope);
  const known = Token.isUnresolved(region) ? undefined : guardrailProfile(region);
  const regions = known?.id === id ? known.regions : ['*'];
  return regions.map((each) => profileArn(scope, id, each));
}

function refuseStandard(scope: IConstruct, region: string | undefined): never {
  return refuse(scope, {
    prop: 'policies.tier',
    value: `standard, in ${region ?? 'a region that only the deployment knows'}`,
    allowed: 'standard only in a region with a guardrail profile',
    fix:
      region === undefined
        ? 'give the stack an env with a region'
        : "use 'classic', which is dependable in English, French and Spanish only, or another region",
    catalogueId: 'bedrock-guardrail-policies',
  });
}
