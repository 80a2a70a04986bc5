import { bareModelId, ENDED_MODELS } from '../../../facts/model-lifecycle';
import { textOf, UNKNOWN } from '../../../template/literal-text';
import { CannotTell, isIntrinsic, type TemplateResource } from '../../../template/template-resource';
import { invocationsIn, modelArn, runningRole, variablesOf } from '../../bedrock-access';
import type { Inventory } from '../../inventory';
import { ownStatements, POLICY_HOLDERS } from '../../policy-holder';
import { compliant, notApplicable, type Rule, verdict } from '../../rule';

/** What names models, by its whole properties. */
const HOLDERS = [
  'AWS::Bedrock::Agent',
  'AWS::Bedrock::ApplicationInferenceProfile',
  'AWS::Bedrock::DataSource',
  'AWS::Bedrock::Flow',
  'AWS::Bedrock::IntelligentPromptRouter',
  'AWS::Bedrock::KnowledgeBase',
  'AWS::Bedrock::Prompt',
  'AWS::SSM::Parameter',
  'AWS::StepFunctions::StateMachine',
];
const RUNNING = ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition'];

const MODEL =
  /^([a-z-]+\.)?(ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|nvidia|openai|qwen|stability|twelvelabs|writer)\.[a-z0-9][\w.:*-]*$/;
/** Properties that can be nothing but a model. */
const MODEL_PROPERTY = /^(FoundationModel|CopyFrom|(Embedding)?ModelArn|ModelId)$/;
const MODEL_VARIABLE = /(^|_)(MODEL|INFERENCE_PROFILE)(_ID|_ARN)?$/i;

/** A value that names a model, or might. */
interface Named {
  readonly value: unknown;
  /** It can be nothing else. */
  readonly certain: boolean;
}

/** Values in a property, however deep, and the names that they stand under. */
function* valuesIn(value: unknown, name = ''): Generator<readonly [name: string, value: unknown]> {
  if (typeof value !== 'object' || value === null || isIntrinsic(value)) yield [name, value];
  else for (const [key, child] of Object.entries(value)) yield* valuesIn(child, Array.isArray(value) ? name : key);
}

function namedBy(resource: TemplateResource, inventory: Inventory): readonly Named[] {
  if (POLICY_HOLDERS.includes(resource.type)) {
    const invocations = invocationsIn(resource, ownStatements(resource), inventory);
    return invocations.flatMap((each) => (each.resource === '*' ? [] : [{ value: each.resource, certain: true }]));
  }
  if (RUNNING.includes(resource.type)) {
    return variablesOf(resource).map(([name, value]) => ({ value, certain: MODEL_VARIABLE.test(name) }));
  }
  return [...valuesIn(resource.properties)].map(([name, value]) => ({ value, certain: MODEL_PROPERTY.test(name) }));
}

const modelsIn = (value: unknown): readonly string[] =>
  textOf(value)
    .split(/[\s"',;|/]+/)
    .filter((word) => MODEL.test(word));

/** Tells whether someone may ask a foundation model by its id: each of those is judged where it is allowed. */
function asksByName(resource: TemplateResource, inventory: Inventory): boolean {
  const holder = RUNNING.includes(resource.type) ? runningRole(resource, inventory) : resource;
  if (holder === undefined) return false;
  const statements = holder === resource ? ownStatements(resource) : inventory.statementsOf(holder);
  return invocationsIn(holder, statements, inventory).some(({ arn }) => arn?.kind === 'foundation-model');
}

/**
 * Whether a value may name a model that these templates do not tell: not when what it names is judged by itself, nor when whoever has
 * it may ask nothing but models that are.
 */
function isHidden(from: TemplateResource, { value, certain }: Named, inventory: Inventory): boolean {
  if (!certain) return false;
  const named = inventory.referent(from, value)?.type;
  if (named === 'AWS::Bedrock::ApplicationInferenceProfile' || named === 'AWS::SSM::Parameter') return false;
  const isProfile = modelArn(value)?.kind === 'application-inference-profile';
  if (!isProfile && !textOf(value).endsWith(UNKNOWN)) return false;
  const isBounded = RUNNING.includes(from.type) || (isProfile && POLICY_HOLDERS.includes(from.type));
  return !isBounded || !asksByName(from, inventory);
}

export const bedrockModelLifecycle: Rule = {
  id: 'bedrock-model-lifecycle',
  title: 'A model that a template names has not reached its end of life',
  why: 'Bedrock answers every call of a model past its end of life with an error, so the application stops on that day. AWS announces the day at least six months before.',
  fix: 'Name a model that AWS lists as active: in the variable, the parameter or the ARN that holds the id.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html',
  example: {
    fixed: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: { MODEL_ID: 'amazon.nova-lite-v1:0' } } },
      },
      Model: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: 'eu.amazon.nova-2-lite-v1:0' },
      },
    },
    broken: [
      { 'Function.Properties.Environment.Variables.MODEL_ID': 'anthropic.claude-3-5-sonnet-20241022-v2:0' },
      { 'Model.Properties.Value': 'eu.anthropic.claude-3-7-sonnet-20250219-v1:0' },
    ],
  },
  types: [...HOLDERS, ...RUNNING, ...POLICY_HOLDERS],
  check: (resource, inventory) => {
    const named = namedBy(resource, inventory);
    const models = [...new Set(named.flatMap(({ value }) => modelsIn(value)))];
    const ended = models.flatMap((model) => {
      const found = ENDED_MODELS.find(({ pattern }) => pattern.test(bareModelId(model)));
      return found === undefined ? [] : [`${model} ended on ${found.ended}; allowed: ${found.instead}`];
    });
    if (ended.length > 0) return verdict(ended);
    if (named.some((each) => isHidden(resource, each, inventory))) {
      throw new CannotTell('a model is known only at deployment');
    }
    return models.length > 0 || named.some(({ certain }) => certain) ? compliant : notApplicable;
  },
};
