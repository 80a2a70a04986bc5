import { DYNAMODB_LIMITS } from '../../../limits/dynamodb';
import { refused } from '../../../limits/limit';
import { unsupported, validation } from '../../input';
import { type AttributeValue, attributeOf, depthOf, enforceNesting, type Item, typeOf } from '../attribute-value';
import { addNumbers } from '../decimal';
import { type Path, type Placeholders, valueAt } from './placeholders';
import { rememberingParser, type TokenReader, type WrittenPath } from './tokens';

type Term =
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'path'; readonly path: WrittenPath }
  | { readonly kind: 'if_not_exists'; readonly path: WrittenPath; readonly otherwise: Term }
  | { readonly kind: 'sum'; readonly left: Term; readonly right: Term; readonly sign: 1 | -1 };

type Change =
  | { readonly kind: 'set'; readonly path: WrittenPath; readonly term: Term }
  | { readonly kind: 'remove'; readonly path: WrittenPath }
  | { readonly kind: 'add'; readonly path: WrittenPath; readonly name: string };

const { operandType, overlappingPaths, repeatedClause } = DYNAMODB_LIMITS.rows;

const CLAUSES = ['SET', 'REMOVE', 'ADD', 'DELETE'];

// Grammar: docs.aws.amazon.com/amazondynamodb, Expressions.UpdateExpressions.html. DELETE and list_append are refused:
// nothing here uses them.
const parse = rememberingParser((reader): readonly Change[] => {
  const changes: Change[] = [];
  const seen = new Set<string>();
  while (reader.peek() !== undefined) {
    const clause = reader.peek()?.toUpperCase() ?? '';
    if (!CLAUSES.includes(clause)) throw reader.syntaxError();
    if (seen.has(clause)) {
      const problem = `The "${clause}" section can only be used once in an update expression;`;
      throw refused(repeatedClause, `Invalid UpdateExpression: ${problem}`);
    }
    seen.add(clause);
    reader.take();
    do {
      if (clause === 'SET') {
        const path = reader.path();
        reader.expect('=');
        changes.push({ kind: 'set', path, term: sum(reader) });
      } else if (clause === 'REMOVE') {
        changes.push({ kind: 'remove', path: reader.path() });
      } else if (clause === 'ADD') {
        changes.push({ kind: 'add', path: reader.path(), name: reader.value() });
      } else {
        throw unsupported(`the update clause ${clause}`);
      }
    } while (reader.accept(','));
  }
  return changes;
});

function sum(reader: TokenReader): Term {
  const left = term(reader);
  if (reader.acceptOperator('+')) return { kind: 'sum', left, right: term(reader), sign: 1 };
  if (reader.acceptOperator('-')) return { kind: 'sum', left, right: term(reader), sign: -1 };
  return left;
}

function term(reader: TokenReader): Term {
  if (reader.peek()?.startsWith(':') === true) return { kind: 'value', name: reader.value() };
  if (reader.peek() === 'if_not_exists') {
    reader.takeOperator();
    reader.expect('(');
    const path = reader.path();
    reader.expect(',');
    const otherwise = term(reader);
    reader.expect(')');
    return { kind: 'if_not_exists', path, otherwise };
  }
  return { kind: 'path', path: reader.path() };
}

/** An update of a request, ready to be applied to items. */
export interface Update {
  /** Top-level attributes that it changes. */
  readonly attributes: readonly string[];
  readonly apply: (item: Item) => Item;
}

/** Reads an update expression. @throws AwsError `ValidationException` as {@link readCondition} does */
export function readUpdate(expression: string, placeholders: Placeholders): Update {
  const parsed = parse('UpdateExpression', expression);
  placeholders.admit(parsed);
  for (const change of parsed.tree) checkTypes(change, placeholders);
  const paths = parsed.tree.map(({ path }) => placeholders.path(path));
  refuseOverlap(paths);
  // Every term reads the item as it was before the update.
  const apply = (before: Item) =>
    parsed.tree.reduce((item, change) => {
      const path = placeholders.path(change.path);
      if (change.kind === 'remove') return replaced(item, path, undefined);
      if (change.kind === 'set') return set(item, path, evaluate(change.term, before, placeholders));
      const present = valueAt(before, path) ?? { N: '0' };
      const addend = placeholders.value(change.name);
      if ('SS' in addend || 'NS' in addend || 'BS' in addend) throw unsupported('ADD to a set');
      return replaced(item, path, added(present, addend, 1));
    }, before);
  return { attributes: paths.map(([first]) => String(first)), apply };
}

/** Adds a value, which may be nested deeper where it is put than where it comes from. */
function set(item: Item, path: Path, value: AttributeValue): Item {
  if (path.length > 1) enforceNesting(path.length - 1 + depthOf(value));
  return replaced(item, path, value);
}

/** Refuses values of the request that cannot be added: DynamoDB does so before it reads the item. */
function checkTypes(change: Change, placeholders: Placeholders): void {
  const number = (operator: string, name: string, also: readonly string[] = []) => {
    const type = typeOf(placeholders.value(name));
    if (type === 'N' || also.includes(type)) return;
    throw refused(
      operandType,
      `Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ${operator}, operand type: ${type}`,
    );
  };
  if (change.kind === 'add') number('ADD', change.name, ['SS', 'NS', 'BS']);
  if (change.kind !== 'set' || change.term.kind !== 'sum') return;
  const { left, right, sign } = change.term;
  for (const term of [left, right]) if (term.kind === 'value') number(sign === 1 ? '+' : '-', term.name);
}

function refuseOverlap(paths: readonly Path[]): void {
  const within = (outer: Path, inner: Path) => outer.every((step, at) => step === inner[at]);
  if (paths.some((path, at) => paths.some((other, place) => place !== at && within(path, other)))) {
    throw refused(
      overlappingPaths,
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths',
    );
  }
}

function evaluate(of: Term, item: Item, with_: Placeholders): AttributeValue {
  switch (of.kind) {
    case 'value':
      return with_.value(of.name);
    case 'sum':
      return added(evaluate(of.left, item, with_), evaluate(of.right, item, with_), of.sign);
    case 'if_not_exists':
      return valueAt(item, with_.path(of.path)) ?? evaluate(of.otherwise, item, with_);
    case 'path': {
      const value = valueAt(item, with_.path(of.path));
      if (value === undefined) throw validation('The provided expression refers to an attribute that does not exist');
      return value;
    }
  }
}

function added(left: AttributeValue, right: AttributeValue, sign: 1 | -1): AttributeValue {
  if (!('N' in left) || !('N' in right)) throw validation('An operand in the update expression has an incorrect type');
  return { N: addNumbers(left.N, right.N, sign) };
}

function replaced(item: Item, [step, ...rest]: Path, value: AttributeValue | undefined): Item {
  if (typeof step !== 'string') throw unsupported('updates of list members');
  const { [step]: present, ...others } = item;
  if (rest.length === 0) return value === undefined ? others : { ...item, [step]: value };
  const inner = present === undefined ? undefined : attributeOf({ present }, 'present');
  if (inner === undefined || !('M' in inner)) {
    throw validation('The document path provided in the update expression is invalid for update');
  }
  return { ...item, [step]: { M: replaced(inner.M, rest, value) } };
}
