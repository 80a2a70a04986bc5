/** Dimensions of a metric, by name. */
export type Dimensions = Readonly<Record<string, string>>;

/** What CloudWatch takes for one metric: another dimension makes another. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

/** What a metric's minute holds. */
export interface Minute {
  /** Milliseconds since 1970 at its beginning. */
  readonly at: number;
  readonly values: number[];
}

const MINUTE_MS = 60_000;
const SEPARATOR = '\u0000';

/** Metrics as CloudWatch keeps them: values by minute, and by namespace, name and exact set of dimensions. */
export class LocalMetrics {
  private readonly series = new Map<string, Map<number, Minute>>();

  constructor(private readonly now: () => number) {}

  put(namespace: string, name: string, dimensions: Dimensions, value: number): void {
    const key = keyOf(namespace, name, dimensions);
    const minutes = this.series.get(key) ?? new Map<number, Minute>();
    if (minutes.size === 0) this.series.set(key, minutes);
    const at = Math.floor(this.now() / MINUTE_MS) * MINUTE_MS;
    const minute = minutes.get(at);
    if (minute === undefined) minutes.set(at, { at, values: [value] });
    else minute.values.push(value);
  }

  /** A metric's minutes, oldest first; undefined when no one ever sent it. */
  minutes(namespace: string, name: string, dimensions: Dimensions): readonly Minute[] | undefined {
    const minutes = this.series.get(keyOf(namespace, name, dimensions));
    return minutes === undefined ? undefined : [...minutes.values()];
  }

  /** Everything that was ever sent, each metric once. */
  sent(): MetricIdentity[] {
    return [...this.series.keys()].map((key) => {
      const [namespace = '', name = '', ...named] = key.split(SEPARATOR);
      const dimensions = named.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]);
      return { namespace, name, dimensions: Object.fromEntries(dimensions) };
    });
  }

  /** Sum of everything that was sent under a name, whatever its namespace and dimensions. */
  total(name: string): number {
    let sum = 0;
    for (const [key, minutes] of this.series) {
      if (key.split(SEPARATOR)[1] !== name) continue;
      for (const { values } of minutes.values()) for (const value of values) sum += value;
    }
    return sum;
  }

  /** Takes what a line in CloudWatch's embedded metric format carries. @returns whether it was such a line */
  readEmbedded(line: string): boolean {
    if (!line.startsWith('{"_aws"')) return false;
    const document = JSON.parse(line) as Record<string, unknown> & {
      readonly _aws: { readonly CloudWatchMetrics: readonly EmbeddedMetrics[] };
    };
    for (const { Namespace, Dimensions: sets, Metrics } of document._aws.CloudWatchMetrics) {
      for (const { Name } of Metrics) {
        const value = document[Name];
        const values = (Array.isArray(value) ? value : [value]) as number[];
        for (const names of sets) {
          const dimensions = Object.fromEntries(names.map((name) => [name, String(document[name])]));
          for (const each of values) this.put(Namespace, Name, dimensions, each);
        }
      }
    }
    return true;
  }
}

interface EmbeddedMetrics {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

function keyOf(namespace: string, name: string, dimensions: Dimensions): string {
  const named = Object.keys(dimensions).map((key) => `${key}=${dimensions[key]}`);
  const sorted = named.length > 1 ? named.sort().join(SEPARATOR) : (named[0] ?? '');
  return `${namespace}${SEPARATOR}${name}${sorted === '' ? '' : SEPARATOR}${sorted}`;
}
