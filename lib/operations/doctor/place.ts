import { decidedTemplates } from '../../template/decided-template';
import { Evaluator } from '../../template/evaluator';
import type { StackArtifact, TemplateSet } from '../../template/read-templates';
import { TemplateIndex } from '../../template/template-index';
import { CannotTell, type TemplateResource } from '../../template/template-resource';

/** Whose credentials these are, and where they point. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  readonly region: string;
  /** A region that answers these credentials: that one, unless the account has not enabled it. */
  readonly answering: string;
}

/** A stack of a place. */
export interface PlacedStack extends StackArtifact {
  /** What the templates call it. */
  readonly key: string;
}

/** An account and a region, and what is to be deployed there. */
export class Place {
  readonly resources: readonly TemplateResource[];

  constructor(
    readonly account: string,
    readonly region: string,
    readonly stacks: readonly PlacedStack[],
    readonly index: TemplateIndex,
    private readonly caller: Caller,
  ) {
    const here = new Set(stacks.map(({ key }) => key));
    this.resources = index.resources.filter(({ stack }) => here.has(index.rootOf(stack)));
  }

  /** Whether the credentials are of this account. */
  get isCallers(): boolean {
    return this.account === this.caller.account;
  }

  ofType(...types: readonly string[]): readonly TemplateResource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The stack that a resource is deployed with. */
  stackOf({ stack }: { readonly stack: string }): PlacedStack | undefined {
    const root = this.index.rootOf(stack);
    return this.stacks.find(({ key }) => key === root);
  }

  /** A text with the account, the region and the stack's name in it; undefined where only deployment knows it. */
  textOf(from: { readonly stack: string }, value: unknown): string | undefined {
    if (value === undefined) return undefined;
    const unknown = (): never => {
      throw new CannotTell('known only at deployment');
    };
    const pseudo: Readonly<Record<string, string | undefined>> = {
      'AWS::AccountId': this.account,
      'AWS::Region': this.region,
      'AWS::Partition': partitionOf(this.region),
      'AWS::StackName': this.index.makerOf(from.stack) === undefined ? this.stackOf(from)?.stackName : undefined,
    };
    const evaluator = new Evaluator(this.index.template(from.stack) ?? {}, {
      region: this.region,
      reference: (id) => pseudo[id] ?? unknown(),
      attribute: unknown,
      output: unknown,
      exported: unknown,
    });
    try {
      const text = evaluator.evaluate(value);
      return typeof text === 'string' || typeof text === 'number' ? String(text) : undefined;
    } catch {
      // What an evaluation cannot know it throws, each in its own words.
      return undefined;
    }
  }
}

/** The partition of a region (AWS: ARN reference). */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The places of an assembly's stacks. What the assembly leaves open is where the caller is. */
export function placesOf({ templates, stackNames, nested, artifacts }: TemplateSet, caller: Caller): readonly Place[] {
  const index = new TemplateIndex(decidedTemplates(templates, { nested }), { stackNames, nested });
  const places = new Map<string, PlacedStack[]>();
  for (const [key, artifact] of artifacts) {
    const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment) ?? [];
    const place = `${known(account) ?? caller.account}/${known(region) ?? caller.region}`;
    const there = places.get(place);
    if (there === undefined) places.set(place, [{ key, ...artifact }]);
    else there.push({ key, ...artifact });
  }
  return [...places].map(([place, stacks]) => {
    const [account = '', region = ''] = place.split('/');
    return new Place(account, region, stacks, index, caller);
  });
}

function known(part: string): string | undefined {
  return part === '' || part.startsWith('unknown-') ? undefined : part;
}
