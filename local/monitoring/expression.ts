type Token = string;
/** What the metrics have at a time, by id; undefined for one that has nothing then. */
type Values = Readonly<Record<string, Value>>;
type Value = number | undefined;

/**
 * Computes a metric-math expression of numbers, metric ids, arithmetic, comparisons, IF and FILL with a number.
 *
 * @returns undefined where a metric has no value and FILL gives it none: CloudWatch has no result then
 * @throws Error for more
 */
export function evaluateExpression(expression: string, values: Values): Value {
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

  comparison(): Value {
    const left = this.sum();
    const operator = this.oneOf('>=', '<=', '==', '!=', '>', '<');
    if (operator === undefined) return left;
    const right = this.sum();
    if (left === undefined || right === undefined) return undefined;
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

  private sum(): Value {
    let result = this.product();
    for (let sign = this.oneOf('+', '-'); sign !== undefined; sign = this.oneOf('+', '-')) {
      const next = this.product();
      result = both(result, next, (a, b) => (sign === '+' ? a + b : a - b));
    }
    return result;
  }

  private product(): Value {
    let result = this.value();
    for (let sign = this.oneOf('*', '/'); sign !== undefined; sign = this.oneOf('*', '/')) {
      const next = this.value();
      result = both(result, next, (a, b) => (sign === '*' ? a * b : a / b));
    }
    return result;
  }

  private value(): Value {
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
      if (condition === undefined) return undefined;
      return condition === 0 ? otherwise : then;
    }
    if (token === 'FILL') {
      this.expect('(');
      const value = this.comparison();
      this.expect(',');
      const otherwise = this.comparison();
      this.expect(')');
      return value ?? otherwise;
    }
    if (!Object.hasOwn(this.values, token)) throw this.unknown();
    return this.values[token];
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

function both(left: Value, right: Value, compute: (left: number, right: number) => number): Value {
  return left === undefined || right === undefined ? undefined : compute(left, right);
}
