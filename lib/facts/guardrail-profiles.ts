/** A guardrail profile of AWS's: where what is judged by a guardrail of the standard tier may be sent. */
export interface GuardrailProfile {
  /** Such as `eu.guardrail.v1:0`. */
  readonly id: string;
  /** Regions that judge, the own among them. */
  readonly regions: readonly string[];
}

const [US, EU] = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'],
];
/** What most of Asia Pacific sends to, and what the younger regions send to besides. */
const APAC = ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'];
const MORE_APAC = [...APAC, 'ap-south-2', 'ap-southeast-4'];

/**
 * The regions that each profile may be used in, and those that it may send to beside them (AWS: Bedrock, supported Regions for
 * cross-Region guardrail inference; read on 1 December 2026). Sydney has two, of which this is the one that stays in Australia.
 */
const PROFILES: readonly (readonly [prefix: string, from: readonly string[], to: readonly string[]])[] = [
  ['us', [...US, 'us-west-1'], US],
  ['us-gov', ['us-gov-east-1', 'us-gov-west-1'], ['us-gov-east-1', 'us-gov-west-1']],
  ['eu', [...EU, 'il-central-1'], EU],
  ['uk', ['eu-west-2'], []],
  ['au', ['ap-southeast-2'], []],
  ['ca', ['ca-central-1'], ['ca-west-1']],
  ['apac', ['ap-northeast-1', 'ap-northeast-2', 'ap-south-1', 'ap-southeast-1'], APAC],
  ['apac', ['ap-southeast-3', 'ap-southeast-4'], MORE_APAC],
  ['apac', ['ap-east-2', 'ap-southeast-5', 'ap-southeast-7', 'me-central-1'], [...MORE_APAC, 'ap-southeast-3']],
];

/**
 * Tokyo's default model stays in Japan, and the one profile there leaves it: whoever wants the standard tier there asks for it. Elsewhere
 * a guardrail goes no further than the model does by default.
 */
const WIDER_THAN_THE_MODEL: ReadonlySet<string> = new Set(['ap-northeast-1']);

/** The profile that guardrails of a region may use; undefined where there is none, and so no standard tier. */
export function guardrailProfile(region: string): GuardrailProfile | undefined {
  const found = PROFILES.find(([, from]) => from.includes(region));
  if (found === undefined) return undefined;
  const [prefix, , to] = found;
  return { id: `${prefix}.guardrail.v1:0`, regions: [...new Set([...to, region])].sort() };
}

/** Whether the standard tier is the default of a region: what is judged leaves the geography no more than what is asked does. */
export function isStandardByDefault(region: string): boolean {
  return guardrailProfile(region) !== undefined && !WIDER_THAN_THE_MODEL.has(region);
}
