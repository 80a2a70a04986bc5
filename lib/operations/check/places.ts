import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { TemplateSet } from '../../template/read-templates';
import { resourceLines } from '../../template/resource-lines';
import type { TemplateResource } from '../../template/template-resource';

/** Where a finding is. */
export interface ReportedPlace {
  readonly stack: string;
  readonly logicalId: string;
  /** The construct path, where the template has it; else the logical id. */
  readonly path: string;
  readonly type: string;
  /** From the current folder. */
  readonly file?: string;
  readonly line?: number;
  /** The same for the same finding of another day: of the rule, the stack and the resource, and not of a line or a value. */
  readonly fingerprint: string;
}

/** Finds resources in their files. */
export class Places {
  private readonly lines = new Map<string, ReadonlyMap<string, number>>();

  constructor(
    private readonly set: TemplateSet,
    private readonly folder: string,
  ) {}

  /** Where a rule found something. */
  of({ stack, logicalId, path, type }: TemplateResource, rule: string): ReportedPlace {
    const file = this.set.files.get(stack);
    const line = file === undefined ? undefined : this.linesOf(file).get(logicalId);
    return {
      stack,
      logicalId,
      path,
      type,
      ...(file === undefined ? {} : { file: this.fromHere(file) }),
      ...(line === undefined ? {} : { line }),
      fingerprint: createHash('sha256')
        .update([rule, this.stableName(stack), path].join('\n'))
        .digest('hex')
        .slice(0, 20),
    };
  }

  private linesOf(file: string): ReadonlyMap<string, number> {
    const known = this.lines.get(file);
    if (known !== undefined) return known;
    const found = resourceLines(readFileSync(file, 'utf8'));
    this.lines.set(file, found);
    return found;
  }

  /** A stack of an app by its name; a template by its file, since two may be called alike. */
  private stableName(stack: string): string {
    const nested = this.set.nested.get(stack);
    if (nested !== undefined) return `${this.stableName(nested.parent)}/${nested.logicalId}`;
    if ([...this.set.stackNames.values()].includes(stack)) return stack;
    return this.fromHere(this.set.files.get(stack) ?? stack);
  }

  private fromHere(file: string): string {
    return relative(this.folder, file).split(sep).join('/');
  }
}
