import type { StageName } from '../../../lib';
import { ResolvedTemplate, type TemplateDocument } from '../../../local/assembly/resolved-template';
import type { WebAppProps, WebAppStacks } from '../../../patterns/web-app';
import { testApp, webAppStacks } from '../../synthesize';

/** The web app as its stacks deploy it. */
export interface Deployed {
  /** The stacks of the application's region as one template. */
  readonly regional: TemplateDocument;
  /** CloudFront's own part, in us-east-1. */
  readonly edge: TemplateDocument;
  /** With the values that a deployment would give. @param changed in place of `regional` */
  resolved(changed?: TemplateDocument): { readonly regional: ResolvedTemplate; readonly edge: ResolvedTemplate };
}

/** What to deploy, and what is added afterwards. */
export interface WebAppVariant extends WebAppProps {
  readonly extend?: (stacks: WebAppStacks) => void;
}

const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const EDGE_REGION = 'us-east-1';

/** Synthesizes the web app's stacks. */
export function deployedWebApp(
  stage: StageName,
  compute: 'lambda' | 'fargate',
  { extend, ...props }: WebAppVariant = {},
): Deployed {
  const app = testApp();
  const stacks = webAppStacks(app, stage, { compute, ...props }, REGION);
  extend?.(stacks);
  const synthesized = app.synth().stacks;
  const [first, ...more] = synthesized.filter(({ environment }) => environment.region === EDGE_REGION);
  if (first === undefined || more.length > 0) throw new Error(`There is not one stack in ${EDGE_REGION}`);
  const edge = first.template as TemplateDocument;
  const regional = joined(
    new Map(
      synthesized.flatMap((each) => (each === first ? [] : [[each.stackName, each.template as TemplateDocument]])),
    ),
  );
  return {
    regional,
    edge,
    resolved: (changed = regional) => {
      const there = new ResolvedTemplate(edge, { account: ACCOUNT, region: EDGE_REGION, stackName: first.stackName });
      const deployment = { account: ACCOUNT, region: REGION, stackName: 'WebApp' };
      return { regional: new ResolvedTemplate(changed, deployment, [there]), edge: there };
    },
  };
}

/** Stacks of one region as one template: where one reads an output of another, it names what that other one names. */
function joined(documents: ReadonlyMap<string, TemplateDocument>): TemplateDocument {
  const exports = new Map(
    [...documents.values()]
      .flatMap(({ Outputs = {} }) => Object.values(Outputs))
      .map(({ Value, Export }) => [String(Export?.Name), Value]),
  );
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    const { StackName, OutputName } = ((value as Record<string, unknown>)['Fn::GetStackOutput'] ?? {}) as {
      StackName?: string;
      OutputName?: string;
    };
    const exported = (value as Record<string, unknown>)['Fn::ImportValue'];
    if (exported !== undefined) return replaced(exports.get(String(exported)));
    const from = documents.get(StackName ?? '');
    if (from !== undefined) return replaced(from.Outputs?.[OutputName ?? '']?.Value);
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, replaced(child)]));
  };
  const resources: [string, unknown][] = [...documents.values()].flatMap(({ Resources }) => Object.entries(Resources));
  const ids = new Set(resources.map(([id]) => id));
  if (ids.size !== resources.length) throw new Error('Two stacks have a resource of the same logical id');
  return { Resources: replaced(Object.fromEntries(resources)) as TemplateDocument['Resources'] };
}
