import { Aws, Stack, Token } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import {
  DEFAULT_MODEL,
  GEOGRAPHIES,
  GLOBAL,
  NOVA_ANYWHERE,
  novaProfile,
  PROFILE_ONLY,
  profileParts,
} from '../facts/inference-profiles';
import { combinedGrant } from '../security/combined-grant';
import { refuse, warn } from '../validation/refuse';
import { checkRegion } from '../validation/region';
import type { IGuardrail } from './guardrail';
import { refuseEndedModel } from './model-lifecycle';

/** What an application inference profile runs. */
export interface ProfiledModel {
  /** Id of its foundation model, such as `amazon.nova-lite-v1:0`. */
  readonly modelId: string;
  /** Regions that it may run in, as `GetInferenceProfile` lists them. At least one. */
  readonly regions: readonly string[];
}

/** The model or profile that is called, and the models behind it. */
interface Callable {
  readonly kind: 'inference-profile' | 'foundation-model' | 'application-inference-profile';
  readonly id: string;
  readonly modelId: string;
  /** Undefined: those of the profile's geography. */
  readonly regions?: readonly string[];
}

/** What Converse and ConverseStream are allowed by (AWS: Bedrock API, Converse). */
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];

/** A geography, a provider and a model. A model's own id begins with its provider: `deepseek.v3.2` has a version in the third place. */
const PROFILE_FORM = /^[a-z-]+\.[a-z0-9]+\.[a-z]/;

/** Numbers of a guardrail's versions, as IAM's patterns have them: up to four digits. */
const NUMBERS = ['?', '??', '???', '????'];

/** The model that answers: a matter of configuration, since Converse is the same for all (bedrock-converse-config-model). */
export class GenerationModel {
  /**
   * An inference profile of AWS: a geography or `global`, and the model, such as `eu.amazon.nova-2-lite-v1:0`. What is asked may
   * leave the region for another of the geography, and with `global` for any.
   */
  static inferenceProfile(id: string): GenerationModel {
    return new GenerationModel({ kind: 'inference-profile', id, modelId: profileParts(id)?.modelId ?? id });
  }

  /** A foundation model by its own id, which stays in the region. Newer models cannot be called so (bedrock-inference-profile). */
  static foundationModel(id: string): GenerationModel {
    return new GenerationModel({ kind: 'foundation-model', id, modelId: id });
  }

  /**
   * A model or an inference profile of AWS by its id, as its form tells: `eu.amazon.nova-lite-v1:0` is a profile,
   * `amazon.nova-lite-v1:0` a model that stays in the region.
   *
   * @param id written out; what begins as a profile does and is of no known geography is refused where it is used
   */
  static ofId(id: string): GenerationModel {
    return PROFILE_FORM.test(id) ? GenerationModel.inferenceProfile(id) : GenerationModel.foundationModel(id);
  }

  /**
   * Your own application inference profile, which separates costs.
   *
   * @param arn its ARN, which may be a token
   * @param model what it was made of, which its ARN does not say
   */
  static applicationInferenceProfile(arn: string, model: ProfiledModel): GenerationModel {
    return new GenerationModel({ kind: 'application-inference-profile', id: arn, ...model });
  }

  /**
   * Amazon Nova, by the profile that keeps calls in the geography of the scope's region: Nova 2 Lite in the US, the EU and Tokyo, else
   * Nova Lite. Neither asks for a form or a contract, so that a first deployment answers.
   *
   * A region without such a profile is refused at synth, with all that it lacks beside, since a default must not send what is asked
   * out of its geography.
   *
   * @throws RefusedValueError where only the deployment knows the region
   */
  static default(scope: IConstruct): GenerationModel {
    const { region } = Stack.of(scope);
    if (Token.isUnresolved(region)) {
      return refuse(scope, {
        prop: 'model',
        value: 'none, in a region that only the deployment knows',
        allowed: 'no value only where Amazon Nova has a profile for the geography of the region',
        fix: `pass a model, for example GenerationModel.inferenceProfile('${NOVA_ANYWHERE}'), which routes to any region (in the app of this project \`-c model=${NOVA_ANYWHERE}\`), or give the stack an env with a region`,
        catalogueId: 'bedrock-inference-profile',
      });
    }
    checkRegion(scope, DEFAULT_MODEL);
    return GenerationModel.inferenceProfile(novaProfile(region) ?? NOVA_ANYWHERE);
  }

  private constructor(private readonly callable: Callable) {}

  /** The foundation model. */
  get modelId(): string {
    return this.callable.modelId;
  }

  /**
   * What to ask Converse for: `MODEL_ID`.
   *
   * @throws RefusedValueError for a model past its end of life, one that runs by a profile alone, or a profile that is none here
   */
  idIn(scope: IConstruct): string {
    this.check(scope);
    return this.callable.id;
  }

  /**
   * Lets a principal call the model with this guardrail and no other: the profile, and its foundation model in each region that the
   * profile goes to, by way of the profile alone (bedrock-inference-profile, bedrock-guardrail-required).
   *
   * @throws RefusedValueError as {@link idIn}
   */
  grantInvoke(grantee: IGrantable & IConstruct, guardrail: IGuardrail): Grant {
    this.check(grantee);
    const [first, ...others] = this.targets(grantee).map(({ resources, conditions }) =>
      Grant.addToPrincipal({
        grantee,
        actions: INVOKE,
        resourceArns: [...resources],
        conditions: {
          ...(conditions !== undefined && { StringEquals: conditions }),
          // The ARN with the number of the version (AWS: Bedrock, enforce the use of specific guardrails in model inference
          // requests). Any number: while a new version is deployed the functions of before still ask with the old one. DRAFT has
          // more characters than any of these.
          StringLike: {
            'bedrock:GuardrailIdentifier': NUMBERS.map((number) => `${guardrail.guardrailArn}:${number}`),
          },
        },
      }),
    );
    return first === undefined ? Grant.drop(grantee, 'the model runs nowhere') : combinedGrant(first, ...others);
  }

  private targets(
    scope: IConstruct,
  ): readonly { readonly resources: readonly string[]; readonly conditions?: Readonly<Record<string, string>> }[] {
    const { kind, id, modelId, regions } = this.callable;
    const stack = Stack.of(scope);
    const model = (region: string): string =>
      stack.formatArn({ service: 'bedrock', region, account: '', resource: 'foundation-model', resourceName: modelId });
    if (kind === 'foundation-model') return [{ resources: [model(stack.region)] }];
    const profile =
      kind === 'inference-profile' ? stack.formatArn({ service: 'bedrock', resource: kind, resourceName: id }) : id;
    const throughProfile = { 'bedrock:InferenceProfileArn': profile };
    const prefix = profileParts(id)?.prefix;
    if (prefix === GLOBAL) {
      // Three statements, the last for wherever it goes (AWS: Bedrock, global cross-Region inference).
      const here = { 'aws:RequestedRegion': stack.region };
      return [
        { resources: [profile], conditions: here },
        { resources: [model(stack.region)], conditions: { ...here, ...throughProfile } },
        { resources: [model('')], conditions: { 'aws:RequestedRegion': 'unspecified', ...throughProfile } },
      ];
    }
    const known = regions ?? GEOGRAPHIES[prefix ?? '']?.regions ?? [];
    const here = Token.isUnresolved(stack.region) ? Aws.REGION : stack.region;
    return [
      { resources: [profile] },
      { resources: [...new Set([...known, here])].sort().map(model), conditions: throughProfile },
    ];
  }

  private check(scope: IConstruct): void {
    const { kind, id, modelId, regions } = this.callable;
    refuseEndedModel(scope, 'model', modelId);
    if (kind === 'application-inference-profile') {
      if (regions !== undefined && regions.length > 0) return;
      refuse(scope, {
        prop: 'model.regions',
        value: '[]',
        allowed: 'the regions in which the profile runs its model, at least one',
        fix: 'list what `aws bedrock get-inference-profile` shows as models',
        catalogueId: 'bedrock-inference-profile',
      });
    }
    if (kind === 'foundation-model') this.checkBareId(scope);
    else this.checkProfile(scope, id, modelId);
  }

  private checkProfile(scope: IConstruct, id: string, modelId: string): void {
    const parts = Token.isUnresolved(id) ? undefined : profileParts(id);
    if (parts === undefined) {
      refuse(scope, {
        prop: 'model',
        value: Token.isUnresolved(id) ? 'known at deployment only' : id,
        allowed: `a geography (${Object.keys(GEOGRAPHIES).join(', ')}) or ${GLOBAL}, a dot and the id of a model`,
        fix: 'write out the id of the profile, since IAM must list the regions that it routes to; for your own profile use applicationInferenceProfile',
        catalogueId: 'bedrock-inference-profile',
      });
    }
    const { region } = Stack.of(scope);
    const from = GEOGRAPHIES[parts.prefix]?.from;
    if (Token.isUnresolved(region)) {
      warn(
        scope,
        'bedrock-inference-profile',
        `Cannot check whether ${id} can call ${modelId}: the stack has no explicit region.`,
      );
    } else if (from !== undefined && !from.test(region)) {
      refuse(scope, {
        prop: 'model',
        value: `${id} in ${region}`,
        allowed: `a profile that can be called from ${region}`,
        fix: `use the profile of the region's geography, or ${GLOBAL}.${parts.modelId}`,
        catalogueId: 'bedrock-inference-profile',
      });
    }
  }

  private checkBareId(scope: IConstruct): void {
    const { id } = this.callable;
    if (Token.isUnresolved(id)) {
      warn(
        scope,
        'bedrock-inference-profile',
        'Cannot check whether the model requires an inference profile: it is known only at deployment.',
      );
      return;
    }
    const isProfile = profileParts(id) !== undefined;
    if (!isProfile && !PROFILE_ONLY.test(id)) return;
    refuse(scope, {
      prop: 'model',
      value: id,
      allowed: 'the id of a model that can be called without an inference profile',
      fix: isProfile
        ? 'use inferenceProfile'
        : `use inferenceProfile('<geography>.${id}'): the model requires a profile`,
      catalogueId: 'bedrock-inference-profile',
    });
  }
}
