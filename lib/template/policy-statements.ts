/** An allow or deny statement of an IAM policy. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  /** `NotAction` and `NotResource`, if it has them: it is about everything that they do not list. */
  readonly inverted: readonly string[];
  /** What `NotAction` lists. */
  readonly exceptedActions: readonly string[];
  readonly hasCondition: boolean;
  /** Values by key by operator; empty without a condition. */
  readonly condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A value that may be one or a list. */
export function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Names and patterns of actions; one that only deployment knows matches nothing. */
function actionsIn(value: unknown): readonly string[] {
  return listOf(value).map((action) => (typeof action === 'string' ? action : ''));
}

/** Statements of a policy document. */
export function statementsIn(document: unknown): readonly Statement[] {
  const { Statement } = (document ?? {}) as { Statement?: unknown };
  const statements = listOf(Statement).filter((each) => typeof each === 'object' && each !== null);
  return statements.map((statement) => {
    const { Effect, Action, NotAction, Resource, Condition } = statement as Record<string, unknown>;
    return {
      effect: typeof Effect === 'string' ? Effect : '',
      actions: actionsIn(Action),
      exceptedActions: actionsIn(NotAction),
      resources: listOf(Resource),
      inverted: ['NotAction', 'NotResource'].filter((name) => name in (statement as object)),
      hasCondition: Condition !== undefined,
      condition: (Condition ?? {}) as Statement['condition'],
    };
  });
}

/** Whether a statement allows an action, which it may write as a pattern; IAM knows no capitals in actions. A condition is taken as met. */
export function allows({ effect, actions, exceptedActions, inverted }: Statement, action: string): boolean {
  if (effect !== 'Allow') return false;
  const isMatched = (patterns: readonly string[]) => patterns.some((pattern) => matches(pattern, action));
  return inverted.includes('NotAction') ? !isMatched(exceptedActions) : isMatched(actions);
}

function matches(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 'i').test(action);
}
