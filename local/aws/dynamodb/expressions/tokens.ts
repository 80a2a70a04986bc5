import { DYNAMODB_LIMITS } from '../../../limits/dynamodb';
import { enforce, type Limit, refused } from '../../../limits/limit';
import { validation } from '../../input';
import { isReserved } from './reserved-words';

const { expressionBytes, operators, reservedWord } = DYNAMODB_LIMITS.rows;
const TOKEN = /\s*(?:(#[A-Za-z0-9_]+|:[A-Za-z0-9_]+|[A-Za-z_][A-Za-z0-9_]*|\d+|<>|<=|>=|[=<>()[\],.+-])|$)/y;

/** A document path as written: attribute names, `#` placeholders, and list indexes. */
export type WrittenPath = readonly (string | number)[];

/** Reads an expression token by token, and notes the placeholders it meets. */
export class TokenReader {
  /** `#` placeholders met. */
  readonly names = new Set<string>();
  /** `:` placeholders met. */
  readonly values = new Set<string>();
  private readonly tokens: string[] = [];
  private position = 0;
  private operators = 0;

  constructor(
    /** Name of the parameter that holds the expression, for error messages. */
    readonly parameter: string,
    expression: string,
  ) {
    const bytes = expression.trim() === '' ? 0 : Buffer.byteLength(expression);
    const problem = bytes === 0 ? 'can not be empty' : 'size has exceeded the maximum allowed size';
    this.enforce(expressionBytes, bytes, `The expression ${problem};`);
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < expression.length) {
      const start = TOKEN.lastIndex;
      const token = TOKEN.exec(expression);
      if (token === null) {
        const near = expression.slice(start).trim();
        throw this.invalid(`Syntax error; token: "${near.charAt(0)}", near: "${near.slice(0, 20)}"`);
      }
      if (token[1] !== undefined) this.tokens.push(token[1]);
    }
  }

  /** An error as AWS words it for this parameter. */
  invalid(problem: string): Error {
    return validation(`Invalid ${this.parameter}: ${problem}`);
  }

  /** Refuses what lies outside of a limit, as AWS words it for this parameter. */
  enforce(limit: Limit, value: number, problem: string): void {
    enforce(limit, value, `Invalid ${this.parameter}: ${problem}`);
  }

  /** A syntax error at the current token. */
  syntaxError(): Error {
    const token = this.tokens[this.position] ?? '<EOF>';
    const near = this.tokens.slice(Math.max(0, this.position - 1), this.position + 2).join(' ');
    return this.invalid(`Syntax error; token: "${token}", near: "${near}"`);
  }

  /** The token ahead, without taking it. */
  peek(offset = 0): string | undefined {
    return this.tokens[this.position + offset];
  }

  /** Takes the token ahead. */
  take(): string {
    const token = this.tokens[this.position];
    if (token === undefined) throw this.syntaxError();
    this.position += 1;
    return token;
  }

  /** Takes the token ahead if it is the symbol or keyword given; keywords are not case-sensitive. */
  accept(expected: string): boolean {
    if (this.peek()?.toUpperCase() !== expected) return false;
    this.position += 1;
    return true;
  }

  /** Takes the operator ahead if it is the one given, and counts it. */
  acceptOperator(expected: string): boolean {
    const found = this.accept(expected);
    if (found) this.countOperator();
    return found;
  }

  /** Takes the token ahead, which is an operator or a function, and counts it. */
  takeOperator(): string {
    this.countOperator();
    return this.take();
  }

  private countOperator(): void {
    this.operators += 1;
    this.enforce(operators, this.operators, 'The expression contains too many operators;');
  }

  /** Takes the symbol or keyword given, which must be ahead. */
  expect(expected: string): void {
    if (!this.accept(expected)) throw this.syntaxError();
  }

  /** The expression must end here. */
  end(): void {
    if (this.position < this.tokens.length) throw this.syntaxError();
  }

  /** Takes a `:` placeholder. */
  value(): string {
    const token = this.take();
    this.values.add(token);
    return token;
  }

  /** Takes a document path such as `#order.lines[0].sku`. */
  path(): WrittenPath {
    const path: (string | number)[] = [this.attribute()];
    for (;;) {
      if (this.accept('.')) {
        path.push(this.attribute());
      } else if (this.accept('[')) {
        if (!/^\d+$/.test(this.peek() ?? '')) throw this.syntaxError();
        path.push(Number(this.take()));
        this.expect(']');
      } else {
        return path;
      }
    }
  }

  private attribute(): string {
    const token = this.peek() ?? '';
    if (token.startsWith('#')) {
      this.names.add(token);
    } else if (!/^[A-Za-z_]/.test(token)) {
      throw this.syntaxError();
    } else if (isReserved(token)) {
      throw refused(
        reservedWord,
        `Invalid ${this.parameter}: Attribute name is a reserved keyword; reserved keyword: ${token}`,
      );
    }
    return this.take();
  }
}

/** A parsed expression with the placeholders that it uses. */
export interface Parsed<T> {
  readonly parameter: string;
  readonly tree: T;
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/** A parser that remembers: handlers send the same few expressions over and over. */
export function rememberingParser<T>(parse: (reader: TokenReader) => T) {
  const memory = new Map<string, Parsed<T>>();
  return (parameter: string, expression: string): Parsed<T> => {
    const key = `${parameter} ${expression}`;
    let parsed = memory.get(key);
    if (parsed === undefined) {
      const reader = new TokenReader(parameter, expression);
      const tree = parse(reader);
      reader.end();
      parsed = { parameter, tree, names: reader.names, values: reader.values };
      if (memory.size < 10_000) memory.set(key, parsed);
    }
    return parsed;
  };
}
