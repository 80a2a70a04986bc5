import type { ConverseInput } from './conversation';
import { invalid } from './errors';

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

/** A guardrail of an account that has been told of none: any name will do. */
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
    if (!/^([1-9]\d{0,7}|DRAFT)$/.test(guardrailVersion))
      throw invalid(`Value '${guardrailVersion}' at 'guardrailConfig.guardrailVersion' failed to satisfy constraint`);
    if (trace !== undefined && !['enabled', 'disabled', 'enabled_full'].includes(trace))
      throw invalid(`Value '${trace}' at 'guardrailConfig.trace' failed to satisfy constraint`);
    if (streamProcessingMode !== undefined && !['sync', 'async'].includes(streamProcessingMode))
      throw invalid(
        `Value '${streamProcessingMode}' at 'guardrailConfig.streamProcessingMode' failed to satisfy constraint`,
      );
    if (this.known.length === 0) return { ...ANY, id: guardrailIdentifier };
    const found = this.known.find(({ id, arn }) => id === guardrailIdentifier || arn === guardrailIdentifier);
    if (found === undefined || !['DRAFT', ...found.versions].includes(guardrailVersion)) throw invalid(UNKNOWN);
    return found;
  }
}
