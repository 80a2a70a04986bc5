import { textOf, UNKNOWN } from '../template/literal-text';
import type { Statement } from '../template/policy-statements';
import { CannotTell, mapsOf, type TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';
import { allows } from './policy-holder';

/** What lets ask a model, by Converse or InvokeModel (AWS: Service Authorization Reference, Amazon Bedrock). */
export const INVOCATIONS = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'] as const;

const ARN = /^arn:[^:]*:bedrock:([^:]*):[^:]*:([a-z-]+)\/(.*)$/s;
/** Models that answer with numbers: there is nothing in it for a guardrail, and the bill is small. */
const WITHOUT_TEXT = /embed|rerank/;
const APPLICATION_PROFILE = 'AWS::Bedrock::ApplicationInferenceProfile';

/** What an ARN of Bedrock says. */
export interface ModelArn {
  readonly region: string;
  /** `foundation-model`, `inference-profile`, `application-inference-profile`, `provisioned-model`... */
  readonly kind: string;
  readonly id: string;
}

/** Reads an ARN of a model or a profile; undefined for another text, or one that only deployment knows. */
export function modelArn(value: unknown): ModelArn | undefined {
  const [, region, kind, id] = ARN.exec(textOf(value)) ?? [];
  return region === undefined || kind === undefined || id === undefined ? undefined : { region, kind, id };
}

/** A model that a statement lets ask. */
export interface Invocation {
  readonly statement: Statement;
  readonly resource: unknown;
  /** Undefined for `*`, and for what only deployment knows. */
  readonly arn?: ModelArn;
  /** An application inference profile of these templates. */
  readonly profile?: TemplateResource;
}

/** What statements let ask, one for each resource. */
export function invocationsIn(
  from: TemplateResource,
  statements: readonly Statement[],
  inventory: Inventory,
): readonly Invocation[] {
  return statements
    .filter((statement) => INVOCATIONS.some((action) => allows(statement, action)))
    .flatMap((statement) =>
      statement.resources.map((resource) => {
        const arn = modelArn(resource);
        const named = inventory.referent(from, resource);
        const profile = named?.type === APPLICATION_PROFILE ? named : undefined;
        return { statement, resource, ...(arn && { arn }), ...(profile && { profile }) };
      }),
    );
}

/** ARN of what an application inference profile copies. */
export function copiedBy(profile: TemplateResource): ModelArn | undefined {
  return modelArn(profile.get('ModelSource.CopyFrom'));
}

/** Whether only deployment knows which model it is. */
export function isUnknown({ arn, profile, resource }: Invocation): boolean {
  return arn === undefined && profile === undefined && resource !== '*';
}

/**
 * Tells whether it is a model that writes: not one of embeddings or of ranking.
 *
 * @throws CannotTell for a model that only deployment knows
 */
export function writes({ arn, profile, resource }: Invocation): boolean {
  const found = arn ?? (profile && copiedBy(profile));
  if (found === undefined && resource !== '*') throw new CannotTell('the model is known only at deployment');
  if (found?.id === UNKNOWN) throw new CannotTell('the model is known only at deployment');
  return found === undefined || !WITHOUT_TEXT.test(found.id);
}

/** Whether Bedrock itself takes a role on, for a knowledge base or an agent: what it asks then carries no guardrail of a request. */
export function isBedrocksOwn(role: TemplateResource): boolean {
  return JSON.stringify(role.properties['AssumeRolePolicyDocument'] ?? {}).includes('"bedrock.amazonaws.com"');
}

/** Whether who has a role may ask a model that writes. @throws CannotTell for a model that only deployment knows */
export function mayAsk(role: TemplateResource, inventory: Inventory): boolean {
  if (isBedrocksOwn(role)) return false;
  return invocationsIn(role, inventory.statementsOf(role), inventory).some(writes);
}

/** Variables of a function or of the containers of a task. */
export function variablesOf(resource: TemplateResource): readonly (readonly [name: string, value: unknown])[] {
  if (resource.type === 'AWS::Lambda::Function') return Object.entries(resource.map('Environment.Variables'));
  return resource
    .maps('ContainerDefinitions')
    .flatMap(({ Environment }) =>
      mapsOf(Environment, 'Environment').map(({ Name, Value }) => [textOf(Name), Value] as const),
    );
}

/** The role of what runs: of a function, or of the containers of a task. Undefined when it is not in these templates. */
export function runningRole(resource: TemplateResource, inventory: Inventory): TemplateResource | undefined {
  const found = inventory.referent(resource, resource.properties['Role'] ?? resource.properties['TaskRoleArn']);
  return found?.type === 'AWS::IAM::Role' ? found : undefined;
}
