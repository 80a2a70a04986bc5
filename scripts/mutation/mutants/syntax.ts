import { parseSync } from 'vite';

/** A node of the syntax tree (ESTree, with TypeScript's own nodes). */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** The syntax tree of a TypeScript file. @throws SyntaxError for one that does not parse */
export function parse(file: string, source: string): Node {
  const { program, errors } = parseSync(file, source, { lang: 'ts' });
  const [first] = errors;
  if (first !== undefined) throw new SyntaxError(`${file}: ${first.message}`);
  return program as unknown as Node;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** A child of a node. @throws Error where there is none */
export function child(node: Node, key: string): Node {
  const found = node[key];
  if (!isNode(found)) throw new Error(`${node.type} has no ${key}`);
  return found;
}

/** The children in a list, such as the arguments of a call; holes are left out. */
export function children(node: Node, key: string): readonly Node[] {
  const found = node[key];
  return Array.isArray(found) ? found.filter(isNode) : [];
}

/** What TypeScript adds around an expression, and parentheses: the expression is inside. */
const AROUND = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression']);

/** An expression without what stands around it. */
export function bare(node: Node): Node {
  return AROUND.has(node.type) ? bare(child(node, 'expression')) : node;
}

/** All children that are code: types, imports and what is only declared are left out. */
export function codeBelow(node: Node): readonly Node[] {
  if (AROUND.has(node.type)) return [child(node, 'expression')];
  if (node.type.startsWith('TS') || node.type.startsWith('Import') || node['declare'] === true) return [];
  if (node.type === 'ExportAllDeclaration') return [];
  return Object.values(node).flatMap((value) => {
    if (isNode(value)) return [value];
    return Array.isArray(value) ? value.filter(isNode) : [];
  });
}

/** The name of what is called, such as `filter` in `rows.filter(...)`; empty where it has none. */
export function calledName(call: Node): string {
  const callee = bare(child(call, 'callee'));
  if (callee.type === 'Identifier') return String(callee['name']);
  if (callee.type !== 'MemberExpression' || callee['computed'] === true) return '';
  return String(child(callee, 'property')['name']);
}

/** The object whose method is called; undefined for a plain function. */
export function calledOn(call: Node): Node | undefined {
  const callee = bare(child(call, 'callee'));
  return callee.type === 'MemberExpression' ? child(callee, 'object') : undefined;
}
