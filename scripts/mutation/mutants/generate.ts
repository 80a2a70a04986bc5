import { changeOf, type PlacedMutant } from './mutant';
import { changesOf } from './operators';
import { calledName, child, codeBelow, type Node, parse } from './syntax';
import { isLog, isMessage } from './texts';

/** What begins code that runs later than its module loads. */
const LATER = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
/** The body of these runs over and over. */
const LOOPS = new Set(['ForStatement', 'ForInStatement', 'ForOfStatement', 'WhileStatement', 'DoWhileStatement']);

/** All mutants of a file, in the order of their places, and where its loops are. */
export interface Generated {
  readonly mutants: readonly PlacedMutant[];
  /** Bodies of loops: each turn is counted, so that one without an end is noticed. */
  readonly loops: readonly { readonly start: number; readonly end: number; readonly isBlock: boolean }[];
}

/** Generates the mutants of a file. Each is one change of code that decides something; texts for people are left alone. */
export function generate(file: string, source: string): Generated {
  const mutants: PlacedMutant[] = [];
  const loops: Generated['loops'][number][] = [];
  const seen = new Map<string, number>();
  const lineAt = lineFinder(source);

  const visit = (node: Node, parents: readonly Node[], atLoad: boolean): void => {
    if (isForPeople(node)) return;
    if (LOOPS.has(node.type)) {
      const { start, end, type } = child(node, 'body');
      loops.push({ start, end, isBlock: type === 'BlockStatement' });
    }
    for (const { operator, replacement, node: at = node } of changesOf(node, { source, parents })) {
      const original = source.slice(at.start, at.end);
      const alike = `${operator} ${changeOf(original, replacement)}`;
      const nth = seen.get(alike) ?? 0;
      seen.set(alike, nth + 1);
      const { start, end } = at;
      const isStatement = at.type === 'ExpressionStatement';
      const place = { file, line: lineAt(start), start, end, isStatement };
      mutants.push({ ...place, operator, original, replacement, nth, atLoad });
    }
    const inside = atLoad && !LATER.has(node.type);
    for (const below of codeBelow(node)) if (!isName(below, node)) visit(below, [...parents, node], inside);
  };
  visit(parse(file, source), [], true);
  return { mutants: mutants.sort((a, b) => a.start - b.start || b.end - a.end), loops };
}

/** Names of properties, of what is imported or required, and targets of assignments are no code of their own. */
function isName(node: Node, parent: Node): boolean {
  if (parent['key'] === node) return parent['computed'] !== true || node.type === 'Literal';
  if (parent.type === 'ExportNamedDeclaration') return parent['source'] === node;
  if (parent.type === 'AssignmentExpression' || parent.type === 'AssignmentPattern') return parent['left'] === node;
  if (parent.type === 'UpdateExpression') return true;
  if (parent.type === 'CallExpression' && calledName(parent) === 'require') return true;
  return parent.type === 'UnaryExpression' && parent['operator'] === 'delete';
}

function isForPeople(node: Node): boolean {
  // The templates of a rule's card show what to write; a test holds each against the rule.
  if (node.type.endsWith('Property')) return (node['key'] as { name?: unknown } | undefined)?.name === 'example';
  if (node.type === 'TemplateLiteral') return isMessage(node);
  return node.type === 'CallExpression' && isLog(node);
}

function lineFinder(source: string): (offset: number) => number {
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => starts.findLastIndex((start) => start <= offset) + 1;
}
