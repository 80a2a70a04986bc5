import { parseSync } from 'vite';

/** A node of the syntax tree, as far as it is read here. */
interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
const child = (node: Node, key: string): Node | undefined => (isNode(node[key]) ? node[key] : undefined);
const nameOf = (node: Node | undefined): string => (typeof node?.['name'] === 'string' ? node['name'] : '');

/** Whether a type is `boolean`, alone or with `undefined`. */
function isBooleanType(type: Node | undefined): boolean {
  if (type?.type === 'TSBooleanKeyword') return true;
  return type?.type === 'TSUnionType' && nodes(type['types']).some(isBooleanType);
}

/** Whether a parameter is a boolean by its type or by its default. */
function isBoolean(parameter: Node): boolean {
  if (parameter.type === 'TSParameterProperty') return isBoolean(child(parameter, 'parameter') ?? parameter);
  const [target, initial] =
    parameter.type === 'AssignmentPattern'
      ? [child(parameter, 'left'), child(parameter, 'right')]
      : [parameter, undefined];
  const annotation = target === undefined ? undefined : child(target, 'typeAnnotation');
  const isFlag = initial?.type === 'Literal' && typeof initial['value'] === 'boolean';
  return isFlag || isBooleanType(annotation === undefined ? undefined : child(annotation, 'typeAnnotation'));
}

/** The functions that a statement exports: each by its name, with its parameters. */
function exportedBy(statement: Node): (readonly [name: string, parameters: readonly Node[]])[] {
  if (statement.type !== 'ExportNamedDeclaration' && statement.type !== 'ExportDefaultDeclaration') return [];
  const declaration = child(statement, 'declaration');
  if (declaration === undefined) return [];
  const name = nameOf(child(declaration, 'id'));
  if (declaration.type === 'ClassDeclaration') {
    const body = child(declaration, 'body');
    return nodes(body?.['body']).flatMap((member) => {
      const value = child(member, 'value');
      const key = child(member, 'key');
      const isPrivate = member['accessibility'] === 'private' || key?.type === 'PrivateIdentifier';
      if (isPrivate || value === undefined || member['kind'] === 'set') return [];
      return [[`${name}.${nameOf(key)}`, nodes(value['params'])] as const];
    });
  }
  if (declaration.type === 'VariableDeclaration') {
    return nodes(declaration['declarations']).flatMap((each) => {
      const value = child(each, 'init');
      return value === undefined ? [] : [[nameOf(child(each, 'id')), nodes(value['params'])] as const];
    });
  }
  return [[name, nodes(declaration['params'])]];
}

/** The functions and methods that a file exports with a boolean among their parameters: `name(parameter)`. */
export function positionalBooleans(source: string, fileName = 'source.ts'): readonly string[] {
  const { program, errors } = parseSync(fileName, source);
  if (errors.length > 0) throw new SyntaxError(`${fileName}: ${errors[0]?.message}`);
  return nodes(program.body).flatMap((statement) =>
    exportedBy(statement).flatMap(([name, parameters]) =>
      parameters.filter(isBoolean).map((parameter) => `${name}(${labelOf(parameter)})`),
    ),
  );
}

function labelOf(parameter: Node): string {
  const inner = child(parameter, 'parameter') ?? child(parameter, 'left') ?? parameter;
  return nameOf(inner) || nameOf(child(inner, 'left'));
}
