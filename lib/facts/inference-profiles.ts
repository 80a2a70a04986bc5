import type { RegionalFeature } from './regions';

/** Where an inference profile of AWS's may run a model. */
export interface Geography {
  /** Regions that a call may go to, whichever it comes from. The region that it comes from is always one more. */
  readonly regions: readonly string[];
  /** Regions that a call may come from. */
  readonly from: RegExp;
}

/**
 * The geographies by their prefix (AWS: Bedrock, supported Regions and models for inference profiles; read in November 2026). The
 * regions are those of all models: some go to fewer. "If an inference profile is tied to a geography, its destination Region list
 * will never change." The condition on the profile in IAM keeps what is allowed to what the profile itself does.
 */
export const GEOGRAPHIES: Readonly<Record<string, Geography>> = {
  us: { regions: ['us-east-1', 'us-east-2', 'us-west-2'], from: /^(us-(east|west)|ca-)/ },
  'us-gov': { regions: ['us-gov-east-1', 'us-gov-west-1'], from: /^us-gov-/ },
  ca: { regions: ['ca-central-1', 'ca-west-1'], from: /^ca-/ },
  eu: {
    regions: ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'],
    from: /^(eu|il)-/,
  },
  apac: {
    regions: [
      'ap-northeast-1',
      'ap-northeast-2',
      'ap-northeast-3',
      'ap-south-1',
      'ap-south-2',
      'ap-southeast-1',
      'ap-southeast-2',
      'ap-southeast-3',
      'ap-southeast-4',
    ],
    from: /^(ap|me)-/,
  },
  jp: { regions: ['ap-northeast-1', 'ap-northeast-3'], from: /^ap-northeast-[13]$/ },
  au: { regions: ['ap-southeast-2', 'ap-southeast-4'], from: /^ap-southeast-[246]$/ },
};

/** The prefix of profiles that go anywhere. */
export const GLOBAL = 'global';

/** The parts of a profile's id; undefined for what is no profile of AWS's. */
export function profileParts(id: string): { readonly prefix: string; readonly modelId: string } | undefined {
  const [, prefix, modelId] = /^([a-z-]+)\.([a-z0-9-]+\..+)$/.exec(id) ?? [];
  if (prefix === undefined || modelId === undefined) return undefined;
  return prefix === GLOBAL || prefix in GEOGRAPHIES ? { prefix, modelId } : undefined;
}

/**
 * Models that no one can call by their own id: "on-demand throughput isn't supported" (AWS: Bedrock, prerequisites for inference
 * profiles). Only those that AWS lists under profiles alone; another may be one, too, which Bedrock then says at the first call.
 */
export const PROFILE_ONLY =
  /^(amazon\.nova-2-lite|anthropic\.claude-(sonnet-4|haiku-4-5|opus-4)-|deepseek\.r1-v1|meta\.llama4-|writer\.palmyra-x[45])/;

/** The models of the default, which are Amazon's own: no form to fill in, and no contract of the marketplace. */
const NOVA_2 = 'amazon.nova-2-lite-v1:0';
const NOVA = 'amazon.nova-lite-v1:0';

/** Profiles that keep a call in the region's geography, by the regions that may call them (the same page of AWS). */
const NOVA_PROFILES: readonly (readonly [from: RegExp, id: string])[] = [
  [/^us-(east-[12]|west-[12])$/, `us.${NOVA_2}`],
  [/^eu-(central-1|north-1|south-[12]|west-[13])$/, `eu.${NOVA_2}`],
  [/^ap-northeast-1$/, `jp.${NOVA_2}`],
  [/^ca-(central|west)-1$/, `ca.${NOVA}`],
  [/^il-central-1$/, `eu.${NOVA}`],
  [/^(ap-(east-2|northeast-2|south-1|southeast-[123457])|me-central-1)$/, `apac.${NOVA}`],
];

/** The profile of Amazon Nova that may run a call in any region. */
export const NOVA_ANYWHERE = `${GLOBAL}.${NOVA_2}`;

/** The default model: a profile of Amazon Nova that keeps a call in the region's geography. */
export const DEFAULT_MODEL: RegionalFeature = {
  title: "inference profile of Amazon Nova that keeps calls in the region's geography, for the default model",
  isIn: (region) => novaProfile(region) !== undefined,
  otherwise: `pass a model: -c model=${NOVA_ANYWHERE} in the app of this project, GenerationModel.inferenceProfile('${NOVA_ANYWHERE}') elsewhere, which may run a call in any commercial region`,
};

/** The profile of Amazon Nova that keeps a call in the geography of a region; undefined where there is none. */
export function novaProfile(region: string): string | undefined {
  return NOVA_PROFILES.find(([from]) => from.test(region))?.[1];
}
