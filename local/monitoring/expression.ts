type Token = string;
type Values = Readonly<Record<string, number>>;

/** Computes a metric-math expression of numbers, metric ids, arithmetic, comparisons and IF. @throws Error for more */
export function evaluateExpression(expression: string, values: Values): number {
  const tokens = expression.match(/\d+(\.\d+)?|[A-Za-z_]\w*|>=|<=|==|!=|[-+*/(),<>]/g) ?? [];
  const reader = new Reader(expression, tokens, values);
  const result = reader.comparison();
  reader.end();
  return result;
}

class Reader {
  private position = 0;

  constructor(
    private readonly expression: string,
    private readonly tokens: readonly Token[],
    private readonly values: Values,
  ) {}

  comparison(): number {
    const left = this.sum();
    const operator = this.oneOf('>=', '<=', '==', '!=', '>', '<');
    if (operator === undefined) return left;
    const right = this.sum();
    const holds = {
      '>=': left >= right,
      '<=': left <= right,
      '==': left === right,
      '!=': left !== right,
      '>': left > right,
      '<': left < right,
    }[operator];
    return holds === true ? 1 : 0;
  }

  end(): void {
    if (this.position < this.tokens.length) throw this.unknown();
  }

  private sum(): number {
    let result = this.product();
    for (let sign = this.oneOf('+', '-'); sign !== undefined; sign = this.oneOf('+', '-')) {
      const next = this.product();
      result = sign === '+' ? result + next : result - next;
    }
    return result;
  }

  private product(): number {
    let result = this.value();
    for (let sign = this.oneOf('*', '/'); sign !== undefined; sign = this.oneOf('*', '/')) {
      const next = this.value();
      result = sign === '*' ? result * next : result / next;
    }
    return result;
  }

  private value(): number {
    const token = this.tokens[this.position];
    this.position += 1;
    if (token === undefined) throw this.unknown();
    if (/^\d/.test(token)) return Number(token);
    if (token === '(') {
      const result = this.comparison();
      this.expect(')');
      return result;
    }
    if (token === 'IF') {
      this.expect('(');
      const condition = this.comparison();
      this.expect(',');
      const then = this.comparison();
      this.expect(',');
      const otherwise = this.comparison();
      this.expect(')');
      return condition === 0 ? otherwise : then;
    }
    const value = this.values[token];
    if (value === undefined) throw this.unknown();
    return value;
  }

  private oneOf<T extends Token>(...expected: readonly T[]): T | undefined {
    const found = expected.find((token) => token === this.tokens[this.position]);
    if (found !== undefined) this.position += 1;
    return found;
  }

  private expect(token: Token): void {
    if (this.oneOf(token) === undefined) throw this.unknown();
  }

  private unknown(): Error {
    return new Error(`The metric expression ${this.expression} is not known here`);
  }
}
