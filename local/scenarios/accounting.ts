/** What became of everything that was accepted: each accepted unit is counted in exactly one of the parts. */
export interface Accounting {
  readonly accepted: number;
  /** Ended as its input asks for. */
  readonly completed: number;
  /** Ended in a refusal that its input asks for, such as a payment that is declined. */
  readonly refused: number;
  /** Poison that a dead-letter queue or failure store keeps. */
  readonly deadLettered: number;
}

/** The line that every demo prints. */
export function accountingLine({ accepted, completed, refused, deadLettered }: Accounting): string {
  return `accepted ${accepted} = completed ${completed} + refused for a business reason ${refused} + dead-lettered ${deadLettered} (poison)`;
}

/** What does not add up; empty when every accepted unit is accounted for. */
export function accountingProblems(accounting: Accounting, unit: string): string[] {
  const { accepted, completed, refused, deadLettered } = accounting;
  const open = accepted - completed - refused - deadLettered;
  if (open === 0) return [];
  return open > 0
    ? [`${open} accepted ${unit} neither completed, refused for a business reason, nor dead-lettered`]
    : [`${-open} more ${unit} ended than were accepted`];
}
