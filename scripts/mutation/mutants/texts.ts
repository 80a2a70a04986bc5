import { calledName, calledOn, child, isNode, type Node } from './syntax';

/**
 * Which texts decide something. A text is mutated only where it is compared, matched, looked up or listed; what is said to
 * people (findings, messages, logs) and what is only passed on is not.
 */

/** Methods that compare or look up the text that they are given. */
const DECIDING = new Set([
  ...[
    'includes',
    'startsWith',
    'endsWith',
    'indexOf',
    'lastIndexOf',
    'split',
    'replace',
    'replaceAll',
    'join',
    'match',
  ],
  ...['has', 'get', 'delete', 'literal', 'number', 'list', 'text', 'flag', 'ofType', 'equals'],
]);
const COMPARING = new Set(['===', '!==', '==', '!=', 'in']);

/** Two words with a blank between them. */
const PROSE = /[\p{L}\d,;:.)’'] +[\p{L}\d(‘'"]/u;

function isProse(text: string): boolean {
  return PROSE.test(text);
}

/** Whether a literal text decides something where it stands. */
export function decides(literal: Node, parents: readonly Node[]): boolean {
  if (isProse(String(literal['value']))) return false;
  const parent = parents.findLast(({ type }) => type !== 'ParenthesizedExpression' && !type.startsWith('TS'));
  if (parent === undefined) return false;
  switch (parent.type) {
    case 'BinaryExpression':
      return COMPARING.has(String(parent['operator']));
    case 'SwitchCase':
      return parent['test'] === literal;
    case 'ArrayExpression':
      return true;
    case 'MemberExpression':
      return parent['computed'] === true;
    case 'CallExpression':
      return DECIDING.has(calledName(parent)) && parent['callee'] !== literal;
    default:
      return false;
  }
}

/** Whether a template is what people read: two words with a blank between them, in one of its parts. */
export function isMessage(template: Node): boolean {
  const quasis = Array.isArray(template['quasis']) ? template['quasis'].filter(isNode) : [];
  return isProse(quasis.map((quasi) => String((quasi['value'] as { cooked?: unknown }).cooked)).join('x'));
}

const LOGS = new Set(['debug', 'info', 'warn', 'error', 'log', 'critical']);
const LOGGER = /^(console|logger|log)$/;

/** Whether a call only writes a log line or a message for people. */
export function isLog(call: Node): boolean {
  const object = calledOn(call);
  if (object === undefined || !LOGS.has(calledName(call))) return false;
  const name = object.type === 'MemberExpression' ? child(object, 'property')['name'] : object['name'];
  return LOGGER.test(String(name));
}
