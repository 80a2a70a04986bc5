import { GLOBAL, PROFILE_ONLY, profileParts } from '../../../facts/inference-profiles';
import { textOf } from '../../../template/literal-text';
import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import {
  copiedBy,
  type Invocation,
  invocationsIn,
  isUnknown,
  type ModelArn,
  modelArn,
  runningRole,
  variablesOf,
} from '../../bedrock-access';
import type { Inventory } from '../../inventory';
import { actingTogether, matches, ownStatements, POLICY_HOLDERS } from '../../policy-holder';
import { notApplicable, type Rule, type Verdict, verdict } from '../../rule';

/** What narrows a wildcard down to what one profile asks (AWS: Bedrock, prerequisites for inference profiles). */
const BY_PROFILE = /InferenceProfileArn/;

const modelOf = (profile: string): string => profileParts(profile)?.modelId ?? profile;
const isProfile = (arn: ModelArn | undefined): boolean =>
  arn?.kind === 'inference-profile' || arn?.kind === 'application-inference-profile';

/** What is wider than one model where it is. */
function tooWide({ arn, resource, statement }: Invocation, global: boolean): string | undefined {
  if (BY_PROFILE.test(JSON.stringify(statement.condition))) return undefined;
  if (resource === '*') return 'every model may be asked; allowed: ARNs of a profile and its model';
  if (arn === undefined) return undefined;
  if (/[*?]/.test(arn.id)) return `every ${arn.kind} of ${arn.id} may be asked; allowed: one by its whole id`;
  if (arn.region === '*' && !(global && arn.kind === 'foundation-model')) {
    return `${arn.id} may be asked in every region; allowed: the regions of its profile by name`;
  }
  return undefined;
}

/** What of a profile's model is not allowed beside it. Bedrock refuses the call when a region of the profile is not. */
function lacking(own: Invocation, beside: readonly Invocation[]): string | undefined {
  const copied = own.profile && copiedBy(own.profile);
  const arn = own.arn ?? copied;
  if (own.profile === undefined && !isProfile(arn)) return undefined;
  const id = copied?.id ?? arn?.id ?? '';
  const prefix = profileParts(id)?.prefix;
  // Which model an application inference profile of elsewhere has is not in its ARN.
  const anyModel = own.profile === undefined && arn?.kind === 'application-inference-profile';
  const models = beside.flatMap((each) =>
    each.arn?.kind === 'foundation-model' && (anyModel || matches(each.arn.id, modelOf(id))) ? [each.arn.region] : [],
  );
  if (models.length === 0) {
    if (beside.some(isUnknown)) {
      throw new CannotTell('what else may be asked is known only at deployment');
    }
    return beside.some(({ resource }) => resource === '*')
      ? undefined
      : `${id || 'a profile'} may be asked, but not its foundation model; allowed: both, the model in each region of the profile`;
  }
  if (prefix === GLOBAL && !models.some((region) => region === '' || region === '*')) {
    return `${id} goes anywhere, and its model is allowed in ${models.length} region(s); allowed: also arn:aws:bedrock:::foundation-model/${modelOf(id)}`;
  }
  if (prefix !== undefined && prefix !== GLOBAL && !models.includes('*') && new Set(models).size < 2) {
    return `${id} goes to several regions, and its model is allowed in one; allowed: the model in each region of the profile`;
  }
  return undefined;
}

/** Models that no one asks by themselves, so that a profile must be meant: those of other regions, and those without on-demand. */
function withoutProfile(own: readonly Invocation[], beside: readonly Invocation[]): readonly string[] {
  if (
    beside.some(
      ({ arn, profile, resource }) =>
        isProfile(arn) || profile !== undefined || (arn === undefined && resource !== '*'),
    )
  ) {
    return [];
  }
  const regions = new Map<string, Set<string>>();
  for (const { arn } of own) {
    if (arn?.kind !== 'foundation-model') continue;
    regions.set(arn.id, (regions.get(arn.id) ?? new Set()).add(arn.region));
  }
  return [...regions]
    .filter(([id, { size }]) => size > 1 || PROFILE_ONLY.test(id))
    .map(([id]) => `${id} may be asked, but no inference profile, which the call requires; allowed: both`);
}

function checkPolicy(holder: TemplateResource, inventory: Inventory): Verdict {
  const own = invocationsIn(holder, ownStatements(holder), inventory);
  if (own.length === 0) return notApplicable;
  const findings = actingTogether(holder, inventory).flatMap((statements) => {
    const beside = invocationsIn(holder, statements, inventory);
    const global = beside.some(({ arn, profile }) =>
      (arn ?? (profile && copiedBy(profile)))?.id.startsWith(`${GLOBAL}.`),
    );
    return [
      ...own.map((each) => tooWide(each, global)),
      ...own.map((each) => lacking(each, beside)),
      ...withoutProfile(own, beside),
    ];
  });
  const found = verdict([...new Set(findings)]);
  if (found.kind === 'compliant' && own.some(isUnknown)) throw new CannotTell('a model is known only at deployment');
  return found;
}

/** A model or a profile that a variable names, and nothing else. */
function named(value: unknown): ModelArn | undefined {
  const text = textOf(value);
  if (profileParts(text) !== undefined) return { region: '', kind: 'inference-profile', id: text };
  return PROFILE_ONLY.test(text) ? { region: '', kind: 'foundation-model', id: text } : modelArn(value);
}

/** What runs may ask the profile that its variables name. */
function checkRunning(resource: TemplateResource, inventory: Inventory): Verdict {
  const wanted = variablesOf(resource).flatMap(([name, value]) => {
    const arn = named(value);
    return arn !== undefined && (isProfile(arn) || PROFILE_ONLY.test(arn.id)) ? [{ name, arn }] : [];
  });
  if (wanted.length === 0) return notApplicable;
  const role = runningRole(resource, inventory);
  if (role === undefined) throw new CannotTell('its role is not in these templates');
  const allowed = invocationsIn(role, inventory.statementsOf(role), inventory);
  return verdict(
    wanted.map(({ name, arn: { id }, arn }) => {
      if (!isProfile(arn)) return `${name} is ${id}, which answers by an inference profile alone; allowed: its id`;
      if (allowed.some((each) => each.resource === '*' || (isProfile(each.arn) && matches(each.arn?.id ?? '', id)))) {
        return undefined;
      }
      if (allowed.some((each) => each.arn === undefined)) {
        throw new CannotTell('what its role may ask is known only at deployment');
      }
      return `${name} is ${id}, which its role may not ask; allowed: bedrock:InvokeModel* on the profile and on its model`;
    }),
  );
}

export const bedrockInferenceProfile: Rule = {
  id: 'bedrock-inference-profile',
  title: 'A role may use an inference profile and its model in each region, and nothing wider',
  why: 'An inference profile sends a call to one of several regions. Bedrock refuses the call where the role lacks the profile, or its model in one of them; a wildcard lets the code use every model, the dearest ones too.',
  fix: 'Allow bedrock:InvokeModel* on the ARN of the profile and on the ARN of its foundation model in each region that the profile goes to, each by its whole id.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html',
  example: {
    fixed: {
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
                    Resource: [
                      'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0',
                      'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0',
                      'arn:aws:bedrock:eu-west-3::foundation-model/amazon.nova-lite-v1:0',
                    ],
                  },
                ],
              },
            },
          ],
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: { MODEL_ID: 'eu.amazon.nova-lite-v1:0' } },
        },
      },
    },
    broken: [
      { 'Function.Properties.Environment.Variables.MODEL_ID': 'us.amazon.nova-lite-v1:0' },
      { 'Role.Properties.Policies.0.PolicyDocument.Statement.0.Resource': '*' },
      {
        'Role.Properties.Policies.0.PolicyDocument.Statement.0.Resource': [
          'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0',
        ],
      },
      {
        'Role.Properties.Policies.0.PolicyDocument.Statement.0.Resource': [
          'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.amazon.nova-lite-v1:0',
          'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0',
        ],
      },
      {
        'Role.Properties.Policies.0.PolicyDocument.Statement.0.Resource.2':
          'arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0',
      },
    ],
  },
  types: [...POLICY_HOLDERS, 'AWS::Lambda::Function', 'AWS::ECS::TaskDefinition'],
  check: (resource, inventory) =>
    POLICY_HOLDERS.includes(resource.type) ? checkPolicy(resource, inventory) : checkRunning(resource, inventory),
};
