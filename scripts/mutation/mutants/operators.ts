import { mutatedPatterns } from './regular-expression';
import { bare, calledName, calledOn, child, children, type Node } from './syntax';
import { decides, isLog } from './texts';

/** What a node may become. */
export interface Change {
  readonly operator: string;
  readonly replacement: string;
  /** What is replaced. @default - the node */
  readonly node?: Node;
}

/** Where a node stands: the file's text, and what is around it, the nearest last. */
export interface Place {
  readonly source: string;
  readonly parents: readonly Node[];
}

type Operator = (node: Node, place: Place) => readonly Change[];

const textOf = (node: Node, { source }: Place): string => source.slice(node.start, node.end);

const table = (entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(entries));
const BOUNDARIES = table({ '<': '<=', '<=': '<', '>': '>=', '>=': '>' });
const NEGATED = table({
  ...{ '===': '!==', '!==': '===', '==': '!=', '!=': '==' },
  ...{ '<': '>=', '<=': '>', '>': '<=', '>=': '<' },
});
const ARITHMETIC = table({ '+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '**': '*' });
const ASSIGNMENTS = table({ '+=': '-=', '-=': '+=', '*=': '/=', '/=': '*=', '??=': '=' });

const isText = (node: Node): boolean =>
  node.type === 'TemplateLiteral' ||
  (node.type === 'Literal' && typeof node['value'] === 'string') ||
  (node.type === 'BinaryExpression' && [child(node, 'left'), child(node, 'right')].some((side) => isText(bare(side))));

/** Whether a node is all of a condition, which is made true and false anyway. */
function isCondition(node: Node, { parents }: Place): boolean {
  const parent = parents.at(-1);
  return parent?.['test'] === node && parent.type !== 'SwitchCase';
}

const comparison: Operator = (node, place) => {
  const operator = String(node['operator']);
  const [left, right] = [child(node, 'left'), child(node, 'right')].map((side) => textOf(side, place));
  const changed = (name: string, to: string | undefined) =>
    to === undefined ? [] : [{ operator: name, replacement: `${left} ${to} ${right}` }];
  const isSum = operator === '+' && isText(node);
  return [
    ...changed('boundary', BOUNDARIES.get(operator)),
    ...(isCondition(node, place) ? [] : changed('negation', NEGATED.get(operator))),
    ...(isSum ? [] : changed('arithmetic', ARITHMETIC.get(operator))),
  ];
};

const logical: Operator = (node, place) => [
  { operator: 'left side alone', replacement: textOf(child(node, 'left'), place) },
  { operator: 'right side alone', replacement: textOf(child(node, 'right'), place) },
];

/** A condition is always true, and always false. */
const condition: Operator = (node) => {
  const test = node['test'];
  if (test === null || test === undefined || bare(child(node, 'test')).type === 'Literal') return [];
  const only = { node: child(node, 'test') };
  const loops = node.type === 'WhileStatement' || node.type === 'ForStatement' || node.type === 'DoWhileStatement';
  return [
    ...(loops ? [] : [{ operator: 'condition true', replacement: 'true', ...only }]),
    { operator: 'condition false', replacement: 'false', ...only },
  ];
};

const negation: Operator = (node, place) => {
  if (node['operator'] === '!')
    return isCondition(node, place)
      ? []
      : [{ operator: 'negation', replacement: textOf(child(node, 'argument'), place) }];
  return [];
};

const UNITS = new Set([1000, 60, 1024, 3600, 24, 100]);

const literal: Operator = (node, place) => {
  const { value } = node as { value?: unknown };
  const parent = place.parents.at(-1);
  if (node['regex'] !== undefined && node['regex'] !== null) {
    const { pattern, flags } = node['regex'] as { pattern: string; flags: string };
    return mutatedPatterns(pattern, flags).map((each) => ({ operator: 'regex', replacement: `/${each}/${flags}` }));
  }
  if (typeof value === 'boolean') return [{ operator: 'boolean', replacement: String(!value) }];
  if (typeof value === 'string' && value !== '')
    return decides(node, place.parents) ? [{ operator: 'text', replacement: "'mutated'" }] : [];
  if (typeof value !== 'number') return [];
  const isUnit = parent?.type === 'BinaryExpression' && /[*/]/.test(String(parent['operator'])) && UNITS.has(value);
  return [
    { operator: 'number', replacement: String(value + 1) },
    ...(value === 0 || isUnit ? [] : [{ operator: 'number', replacement: String(value - 1) }]),
  ];
};

const list: Operator = (node) =>
  children(node, 'elements').length > 0 ? [{ operator: 'empty list', replacement: '[]' }] : [];
const object: Operator = (node) =>
  children(node, 'properties').length > 0 ? [{ operator: 'empty object', replacement: '({})' }] : [];

/** Each `?.` becomes `.`: what may be undefined is taken as given. */
const chain: Operator = (node, { source }) => {
  const links: Node[] = [];
  for (let at = child(node, 'expression'); ; ) {
    const inner = at.type === 'CallExpression' ? 'callee' : at.type === 'MemberExpression' ? 'object' : 'expression';
    if (at['optional'] === true) links.push(at);
    if (!['CallExpression', 'MemberExpression', 'TSNonNullExpression'].includes(at.type)) break;
    at = child(at, inner);
  }
  return links.map((link) => {
    const end = child(link, link.type === 'CallExpression' ? 'callee' : 'object').end;
    const dotted = link.type === 'MemberExpression' && link['computed'] !== true ? '.' : '';
    const rest = source.slice(end, node.end).replace('?.', dotted);
    return { operator: 'optional chain', replacement: source.slice(node.start, end) + rest };
  });
};

/** Methods that become another. */
const METHODS = table({
  ...{ some: 'every', every: 'some', startsWith: 'endsWith', endsWith: 'startsWith', min: 'max', max: 'min' },
  ...{ floor: 'ceil', ceil: 'floor', round: 'floor', toLowerCase: 'toUpperCase', toUpperCase: 'toLowerCase' },
});
/** Methods that are left out. */
const LEFT_OUT = new Set(['filter', 'sort', 'reverse', 'toSorted', 'toReversed', 'trim', 'slice', 'flat', 'normalize']);

const method: Operator = (node, place) => {
  const on = calledOn(node);
  if (on === undefined) return [];
  const name = calledName(node);
  const property = child(bare(child(node, 'callee')), 'property');
  const other = METHODS.get(name);
  if (other !== undefined) {
    const { source } = place;
    const replacement = source.slice(node.start, property.start) + other + source.slice(property.end, node.end);
    return [{ operator: 'method', replacement }];
  }
  return LEFT_OUT.has(name) ? [{ operator: 'method left out', replacement: textOf(on, place) }] : [];
};

const update: Operator = (node, place) => {
  const text = textOf(node, place);
  return [{ operator: 'update', replacement: text.replace(/\+\+|--/, (sign) => (sign === '++' ? '--' : '++')) }];
};

const assignment: Operator = (node, place) => {
  const to = ASSIGNMENTS.get(String(node['operator']));
  if (to === undefined || isText(bare(child(node, 'right')))) return [];
  const [left, right] = [child(node, 'left'), child(node, 'right')].map((side) => textOf(side, place));
  return [{ operator: 'assignment', replacement: `${left} ${to} ${right}` }];
};

const statement: Operator = (node) => {
  const expression = bare(child(node, 'expression'));
  const isCall = expression.type === 'CallExpression';
  if (typeof node['directive'] === 'string' || (isCall && isLog(expression))) return [];
  if (isCall && child(expression, 'callee').type === 'Super') return [];
  return [{ operator: 'statement left out', replacement: ';' }];
};

/** What may become of each kind of node. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  BinaryExpression: comparison,
  LogicalExpression: logical,
  IfStatement: condition,
  ConditionalExpression: condition,
  WhileStatement: condition,
  DoWhileStatement: condition,
  ForStatement: condition,
  UnaryExpression: negation,
  Literal: literal,
  ArrayExpression: list,
  ObjectExpression: object,
  ChainExpression: chain,
  CallExpression: method,
  UpdateExpression: update,
  AssignmentExpression: assignment,
  ExpressionStatement: statement,
};

/** What a node may become where it stands. */
export function changesOf(node: Node, place: Place): readonly Change[] {
  return OPERATORS[node.type]?.(node, place) ?? [];
}
