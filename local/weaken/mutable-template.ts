import type { TemplateDocument } from '../../lib/checks';

/** A resource that a mutation changes in place. */
export interface MutableResource {
  Type: string;
  Properties: Record<string, unknown>;
  Metadata?: Record<string, unknown>;
}

/** A copy of a template from which one handling is taken out. */
export class MutableTemplate {
  readonly document: { Resources: Record<string, MutableResource> };

  constructor(template: TemplateDocument) {
    this.document = structuredClone(template) as { Resources: Record<string, MutableResource> };
  }

  /** Resources of a type whose logical id contains the text. */
  all(type: string, containing = ''): [string, MutableResource][] {
    const found = Object.entries(this.document.Resources).filter(
      ([id, resource]) => resource.Type === type && id.includes(containing),
    );
    if (found.length === 0) throw new Error(`The template has no ${type} ${containing}: the proof is out of date`);
    return found;
  }

  /** Logical id of the first such resource. */
  id(type: string, containing = ''): string {
    return this.all(type, containing)[0]?.[0] ?? '';
  }

  /** Properties of the first such resource. */
  properties(type: string, containing = ''): Record<string, unknown> {
    return this.all(type, containing)[0]?.[1].Properties ?? {};
  }

  /** Sets a property of the first such resource, which must have it. Undefined takes it out. */
  set(type: string, path: string, value: unknown, containing = ''): void {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let holder: Record<string, unknown> = this.properties(type, containing);
    for (const step of steps) holder = holder[step] as Record<string, unknown>;
    if (!(last in holder)) throw new Error(`${type} has no ${path}: the proof is out of date`);
    if (value === undefined) delete holder[last];
    else holder[last] = value;
  }

  /** Changes a JSON text property that has references in it, such as a state machine's definition. */
  changeJson(type: string, name: string, change: (document: Record<string, unknown>) => void, containing = ''): void {
    const properties = this.properties(type, containing);
    const [separator, parts] = (properties[name] as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
    const references = parts.filter((part) => typeof part !== 'string');
    let count = 0;
    const text = parts.map((part) => (typeof part === 'string' ? part : `\u0001${count++}\u0001`)).join(separator);
    const document = JSON.parse(text.replaceAll('\u0001', '\\u0001')) as Record<string, unknown>;
    change(document);
    const changed = JSON.stringify(document).split(/\\u0001(\d+)\\u0001/);
    properties[name] = {
      'Fn::Join': ['', changed.map((part, index) => (index % 2 === 0 ? part : references[Number(part)]))],
    };
  }

  /** Takes a property of the first such resource out. */
  drop(type: string, path: string, containing = ''): void {
    this.set(type, path, undefined, containing);
  }

  /** Takes resources out whole. */
  remove(type: string, containing = ''): void {
    for (const [id] of this.all(type, containing)) delete this.document.Resources[id];
  }

  /** Takes out the alarms on a metric. */
  removeAlarms(metric: string): void {
    for (const [id, { Properties }] of this.all('AWS::CloudWatch::Alarm')) {
      if (JSON.stringify(Properties).includes(`"MetricName":"${metric}"`)) delete this.document.Resources[id];
    }
  }

  /** Adds members to a property that is an object, of the first such resource, which must have it. */
  addTo(type: string, path: string, members: Readonly<Record<string, unknown>>, containing = ''): void {
    let holder: Record<string, unknown> | undefined = this.properties(type, containing);
    for (const step of path.split('.')) holder = holder?.[step] as Record<string, unknown> | undefined;
    if (holder === undefined) throw new Error(`${type} has no ${path}: the proof is out of date`);
    Object.assign(holder, members);
  }

  add(id: string, Type: string, Properties: Record<string, unknown>): void {
    this.document.Resources[id] = { Type, Properties };
  }
}
