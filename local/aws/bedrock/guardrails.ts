import { BEDROCK_RUNTIME_LIMITS } from '../../limits/bedrock';
import { exceeds } from '../../limits/limit';
import type { ConverseInput } from './conversation';
import { invalid, refusedBy, within } from './errors';

const LIMITS = BEDROCK_RUNTIME_LIMITS.rows;
/** AWS: Bedrock API, GuardrailConfiguration. */
const ID = /^([a-z0-9]+|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+)$/;
const VERSION = /^([1-9]\d{0,7}|DRAFT)$/;
const MODES = { trace: ['enabled', 'disabled', 'enabled_full'], streamProcessingMode: ['sync', 'async'] } as const;

/** A guardrail that there is. */
export interface LocalGuardrail {
  readonly id: string;
  /** Its ARN; requests may name it by this too. */
  readonly arn?: string;
  /** Numbers of its versions. DRAFT is there always. */
  readonly versions: readonly string[];
  /** What it says in place of a question that it blocks. */
  readonly blockedInput: string;
  /** What it says in place of an answer that it blocks. */
  readonly blockedOutput: string;
}

const UNKNOWN = 'The guardrail identifier or version provided in the request does not exist.';

/** A guardrail of an account without known guardrails: any name will do. */
const ANY: LocalGuardrail = {
  id: 'any',
  versions: [],
  blockedInput: 'Sorry, the model cannot answer this question.',
  blockedOutput: 'Sorry, the model cannot answer this question.',
};

/** Guardrails of the account. What they do is scripted: none of them reads a word. */
export class Guardrails {
  private readonly known: LocalGuardrail[];

  constructor(known: readonly LocalGuardrail[] = []) {
    this.known = [...known];
  }

  add(guardrail: LocalGuardrail): void {
    this.known.push(guardrail);
  }

  /** @throws AwsError if there is no such version of it */
  find({
    guardrailIdentifier,
    guardrailVersion,
    trace,
    streamProcessingMode,
  }: NonNullable<ConverseInput['guardrailConfig']>): LocalGuardrail {
    if (guardrailIdentifier === undefined || guardrailVersion === undefined)
      throw invalid('Both guardrailIdentifier and guardrailVersion must be provided.');
    if (exceeds(LIMITS.guardrailId, guardrailIdentifier.length) || !ID.test(guardrailIdentifier))
      throw refusedBy(LIMITS.guardrailId, within(LIMITS.guardrailId, 'guardrailConfig.guardrailIdentifier'));
    if (!VERSION.test(guardrailVersion))
      throw refusedBy(
        LIMITS.guardrailVersion,
        `Value '${guardrailVersion}' at 'guardrailConfig.guardrailVersion' failed to satisfy constraint`,
      );
    for (const [name, value] of Object.entries({ trace, streamProcessingMode })) {
      const allowed: readonly string[] = MODES[name as keyof typeof MODES];
      if (value !== undefined && !allowed.includes(value))
        throw refusedBy(
          LIMITS.guardrailMode,
          `Value '${value}' at 'guardrailConfig.${name}' failed to satisfy constraint`,
        );
    }
    if (this.known.length === 0) return { ...ANY, id: guardrailIdentifier };
    const found = this.known.find(({ id, arn }) => id === guardrailIdentifier || arn === guardrailIdentifier);
    if (found === undefined || !['DRAFT', ...found.versions].includes(guardrailVersion))
      throw refusedBy(LIMITS.unknownGuardrail, UNKNOWN);
    return found;
  }
}
