import { textOf } from '../../../template/literal-text';
import type { Statement } from '../../../template/policy-statements';
import { CannotTell, mapOf, type TemplateResource } from '../../../template/template-resource';
import { INVOCATIONS, type Invocation, invocationsIn, isBedrocksOwn, variablesOf, writes } from '../../bedrock-access';
import { allowedGuardrails, demandedGuardrails, isNumbered } from '../../guardrail-version';
import type { Inventory } from '../../inventory';
import { actingTogether, matches, ownStatements, POLICY_HOLDERS, rolesOf } from '../../policy-holder';
import { compliant, mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

type Check = (resource: TemplateResource, inventory: Inventory) => Verdict;

/** Tells whether a deny stands against an allow: for each of its actions, on its resource. */
function denies(deny: Statement, { statement, resource }: Invocation): boolean {
  const asked = INVOCATIONS.filter((action) => statement.actions.some((each) => matches(each, action)));
  return (
    deny.effect === 'Deny' &&
    asked.every((action) => deny.actions.some((each) => matches(each, action))) &&
    deny.resources.some((each) => matches(textOf(each), textOf(resource)))
  );
}

/** What is wrong with how a model may be asked, if something is. */
function objection(
  holder: TemplateResource,
  invocation: Invocation,
  beside: readonly Statement[],
  inventory: Inventory,
): string | undefined {
  const guardrails = [
    ...allowedGuardrails(invocation.statement),
    ...beside.filter((each) => denies(each, invocation)).flatMap(demandedGuardrails),
  ];
  const model = invocation.arn?.id ?? 'a model';
  if (guardrails.length === 0) {
    return writes(invocation)
      ? `${model} may be asked without a guardrail; allowed: with a condition on bedrock:GuardrailIdentifier`
      : undefined;
  }
  if (guardrails.every((each) => isNumbered(holder, each, inventory))) return undefined;
  return `${model} may be asked with a draft, which changes under what runs; allowed: bedrock:GuardrailIdentifier with a numbered version`;
}

/** A guardrail that the account puts before every model, whoever asks. */
function isEnforced(inventory: Inventory): boolean {
  return inventory
    .ofType('AWS::Bedrock::EnforcedGuardrailConfiguration')
    .some((each) => !each.has('ModelEnforcement') && !each.has('SelectiveContentGuarding'));
}

const policy: Check = (holder, inventory) => {
  const roles = rolesOf(holder, inventory);
  if (roles.length > 0 && roles.every(isBedrocksOwn)) return notApplicable;
  const own = invocationsIn(holder, ownStatements(holder), inventory);
  if (own.length === 0) return notApplicable;
  if (isEnforced(inventory)) return compliant;
  const findings = actingTogether(holder, inventory).flatMap((beside) =>
    own.map((invocation) => objection(holder, invocation, beside, inventory)),
  );
  const guarded = own.some(({ statement }) => allowedGuardrails(statement).length > 0);
  const found = verdict([...new Set(findings)]);
  return found.kind === 'compliant' && !guarded && !own.some(writes) ? notApplicable : found;
};

const running: Check = (resource, inventory) => {
  const versions = variablesOf(resource).filter(([name]) => /GUARDRAIL.*VERSION/i.test(name));
  if (versions.length === 0) return notApplicable;
  return verdict(
    versions.map(
      ([name, value]) =>
        !isNumbered(resource, value, inventory) && `${name} is ${textOf(value)}; allowed: a numbered version`,
    ),
  );
};

const hasVersion: Check = (guardrail, inventory) =>
  mustHold(
    inventory.referrers('AWS::Bedrock::GuardrailVersion', 'GuardrailIdentifier', guardrail).length > 0,
    'it has no version, so that only its draft can be used; allowed: an AWS::Bedrock::GuardrailVersion',
  );

const agent: Check = (holder, inventory) =>
  mustHold(
    holder.has('GuardrailConfiguration.GuardrailVersion') &&
      isNumbered(holder, holder.get('GuardrailConfiguration.GuardrailVersion'), inventory),
    'the agent asks its model without a numbered guardrail; allowed: GuardrailConfiguration',
  );

const flow: Check = (holder, inventory) => {
  const nodes = holder.maps('Definition.Nodes');
  if (nodes.length === 0) throw new CannotTell('the flow is defined elsewhere');
  const asking = nodes.flatMap(({ Name, Configuration }) => {
    const { Prompt, KnowledgeBase } = mapOf(Configuration, 'Configuration');
    const node = mapOf(Prompt ?? KnowledgeBase, 'Configuration');
    // Without a model, a node of a knowledge base retrieves, and none writes.
    const isAsking = Prompt !== undefined || (KnowledgeBase !== undefined && 'ModelId' in node);
    return isAsking ? [{ Name: textOf(Name), node }] : [];
  });
  if (asking.length === 0) return notApplicable;
  return verdict(
    asking.map(({ Name, node }) => {
      const { GuardrailVersion } = mapOf(node['GuardrailConfiguration'], 'GuardrailConfiguration');
      const guarded = GuardrailVersion !== undefined && isNumbered(holder, GuardrailVersion, inventory);
      return !guarded && `the node ${Name} asks its model without a numbered guardrail`;
    }),
  );
};

const CHECKS: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(POLICY_HOLDERS.map((type) => [type, policy])),
  'AWS::Lambda::Function': running,
  'AWS::ECS::TaskDefinition': running,
  'AWS::Bedrock::Guardrail': hasVersion,
  'AWS::Bedrock::Agent': agent,
  'AWS::Bedrock::Flow': flow,
};

export const bedrockGuardrailRequired: Rule = {
  id: 'bedrock-guardrail-required',
  title: 'A model that writes is called with a numbered version of a guardrail',
  why: 'Without a guardrail, harmful content, prompt attacks and personal data pass in both directions. A draft can be edited at any time, and what it lets pass then changes without a deployment.',
  fix: 'Make an AWS::Bedrock::GuardrailVersion, pass its Version to the code, and allow bedrock:InvokeModel* only with a condition on bedrock:GuardrailIdentifier that names it.',
  severity: 'error',
  profile: 'security',
  address: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html',
  example: {
    fixed: {
      Guardrail: { Type: 'AWS::Bedrock::Guardrail', Properties: { Name: 'support' } },
      Version: {
        Type: 'AWS::Bedrock::GuardrailVersion',
        Properties: { GuardrailIdentifier: { 'Fn::GetAtt': ['Guardrail', 'GuardrailId'] } },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: { GUARDRAIL_VERSION: { 'Fn::GetAtt': ['Version', 'Version'] } } },
        },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'ask',
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 'bedrock:InvokeModel',
                    Resource: 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0',
                    Condition: {
                      StringEquals: {
                        'bedrock:GuardrailIdentifier': {
                          'Fn::Join': [
                            ':',
                            [{ 'Fn::GetAtt': ['Guardrail', 'GuardrailArn'] }, { 'Fn::GetAtt': ['Version', 'Version'] }],
                          ],
                        },
                      },
                    },
                  },
                ],
              },
            },
          ],
        },
      },
    },
    broken: [
      { 'Role.Properties.Policies.0.PolicyDocument.Statement.0.Condition': null },
      {
        'Role.Properties.Policies.0.PolicyDocument.Statement.0.Condition': {
          StringEquals: { 'bedrock:GuardrailIdentifier': { 'Fn::GetAtt': ['Guardrail', 'GuardrailArn'] } },
        },
      },
      { 'Function.Properties.Environment.Variables.GUARDRAIL_VERSION': 'DRAFT' },
      { Version: null },
    ],
  },
  types: Object.keys(CHECKS),
  check: (resource, inventory) => CHECKS[resource.type]?.(resource, inventory) ?? notApplicable,
};
