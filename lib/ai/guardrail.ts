import { createHash } from 'node:crypto';
import { Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnGuardrail, CfnGuardrailVersion } from 'aws-cdk-lib/aws-bedrock';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { GuardrailProfile } from '../facts/guardrail-profiles';
import { accountUniqueName } from '../naming/account-unique-name';
import { combinedGrant } from '../security/combined-grant';
import type { StageSettings } from '../stage/stage';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import {
  checkTopic,
  contentPolicy,
  DEFAULT_DENIED_TOPICS,
  type DeniedTopic,
  type GuardrailPolicies,
  groundingPolicy,
  personalDataPolicy,
  type TierOfPolicy,
  topicPolicy,
} from './guardrail-policies';
import { profileArn, profileArns, profileOf } from './guardrail-tier';

export type { GuardrailPolicies } from './guardrail-policies';
export type { GuardrailTier } from './guardrail-tier';

/** A numbered version of a guardrail, of ours or yours. */
export interface IGuardrail {
  readonly guardrailId: string;
  readonly guardrailArn: string;
  /** A number, never DRAFT, which changes under what runs (bedrock-guardrail-required). */
  readonly version: string;
  /** `<guardrailArn>:<version>`: what `bedrock:GuardrailIdentifier` says of a call. */
  readonly versionArn: string;
  /** Lets a principal have it applied: alone, or with a call of a model. */
  grantApply(grantee: IGrantable): Grant;
}

/** A guardrail that is there. */
export interface ExistingGuardrail {
  /** Its id, not its ARN. */
  readonly guardrailId: string;
  /** A whole number from 1. */
  readonly version: string;
  /** The key that it is encrypted with. @default - one of AWS */
  readonly encryptionKey?: IKey;
  /**
   * The id of its guardrail profile, such as `eu.guardrail.v1:0`: who has a guardrail of the standard tier applied must be allowed the
   * profile in each region that may judge. @default - none: it is of the classic tier
   */
  readonly profile?: string;
}

/** Props of {@link Guardrail}. */
export interface GuardrailProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** @default - everything at its strictest, see {@link GuardrailPolicies} */
  readonly policies?: GuardrailPolicies;
  /** What people read in place of an answer to a question that was blocked. 1 to 500 characters. */
  readonly blockedQuestion?: string;
  /** What people read in place of an answer that was blocked. 1 to 500 characters. */
  readonly blockedAnswer?: string;
}

/**
 * What stands between people and the model, both ways, in a numbered version: a changed policy makes a new one, and whoever uses it
 * moves on to it in the same deployment; an unchanged policy makes none.
 */
export class Guardrail extends Construct implements IGuardrail {
  /**
   * Your own guardrail, whose policies you configure yourself. It makes no construct, so it takes no id.
   *
   * @throws RefusedValueError for an id that is none, a version that is no number, or a profile that is none
   */
  static fromGuardrailAttributes(
    scope: Construct,
    { guardrailId, version, encryptionKey, profile }: ExistingGuardrail,
  ): IGuardrail {
    if (!Token.isUnresolved(guardrailId) && !/^[a-z0-9]+$/.test(guardrailId)) {
      refuse(scope, {
        prop: 'guardrail.guardrailId',
        value: guardrailId,
        allowed: 'an id: lower-case letters and digits',
        fix: 'pass its id, the last part of its ARN',
        catalogueId: 'bedrock-guardrail-required',
      });
    }
    if (!Token.isUnresolved(version) && !/^[1-9]\d{0,7}$/.test(version)) {
      refuse(scope, {
        prop: 'guardrail.version',
        value: version,
        allowed: 'a whole number from 1',
        fix: 'publish a version (`aws bedrock create-guardrail-version`): DRAFT can change while the application runs',
        catalogueId: 'bedrock-guardrail-required',
      });
    }
    const resourceName = guardrailId;
    const guardrailArn = Stack.of(scope).formatArn({ service: 'bedrock', resource: 'guardrail', resourceName });
    const judges = profile === undefined ? [] : profileArns(scope, profile);
    return {
      guardrailId,
      guardrailArn,
      version,
      versionArn: `${guardrailArn}:${version}`,
      grantApply: (grantee) => grantApply(grantee, [guardrailArn, ...judges], encryptionKey),
    };
  }

  readonly guardrail: CfnGuardrail;
  readonly guardrailVersion: CfnGuardrailVersion;
  readonly guardrailId: string;
  readonly guardrailArn: string;
  readonly version: string;
  readonly versionArn: string;
  /** Where it judges, in the standard tier; undefined in the classic one. */
  readonly profile?: GuardrailProfile;
  private readonly topics: DeniedTopic[] = [];

  /** @throws RefusedValueError for a policy, a message or a tier that Bedrock would refuse. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: GuardrailProps,
  ) {
    super(scope, id);
    const { policies = {}, encryptionKey } = props;
    this.profile = profileOf(this, policies.tier);
    const { profile, tier } = this;
    for (const topic of policies.deniedTopics ?? DEFAULT_DENIED_TOPICS) this.denyTopic(topic);
    this.guardrail = new CfnGuardrail(this, 'Resource', {
      name: accountUniqueName(this, 'guardrail'),
      blockedInputMessaging: this.message('blockedQuestion', 'I cannot help with that question.'),
      blockedOutputsMessaging: this.message('blockedAnswer', 'I cannot give an answer to that question.'),
      contentPolicyConfig: contentPolicy(policies, tier),
      sensitiveInformationPolicyConfig: personalDataPolicy(this, policies),
      contextualGroundingPolicyConfig: groundingPolicy(this, policies),
      topicPolicyConfig: Lazy.any({ produce: () => topicPolicy(this.topics, tier) }),
      wordPolicyConfig: policies.profanity === false ? undefined : { managedWordListsConfig: [{ type: 'PROFANITY' }] },
      kmsKeyArn: encryptionKey.keyArn,
      crossRegionConfig: profile && { guardrailProfileArn: profileArn(this, profile.id, Stack.of(this).region) },
    });
    this.guardrailVersion = new CfnGuardrailVersion(this, 'Version', {
      guardrailIdentifier: this.guardrail.attrGuardrailId,
    });
    // The version is a copy of the draft at the time that it is made, so a resource of another name makes another copy. Bedrock
    // deletes the copy before when nothing uses it any more: CloudFormation removes it after everything has moved on.
    const logicalId = Stack.of(this).getLogicalId(this.guardrailVersion);
    this.guardrailVersion.overrideLogicalId(Lazy.uncachedString({ produce: () => `${logicalId}${this.policyHash()}` }));
    this.guardrailId = this.guardrail.attrGuardrailId;
    this.guardrailArn = this.guardrail.attrGuardrailArn;
    this.version = this.guardrailVersion.attrVersion;
    this.versionArn = `${this.guardrailArn}:${this.version}`;
    handles(this.guardrail, 'bedrock-guardrail-policies', 'bedrock-guardrail-required', 'encrypt-everything-at-rest');
    handles(this.guardrailVersion, 'bedrock-guardrail-required');
  }

  /** Denies one more subject. @throws RefusedValueError for a topic that Bedrock would refuse */
  denyTopic(topic: DeniedTopic): this {
    checkTopic(this, topic, this.topics, this.tier);
    this.topics.push(topic);
    return this;
  }

  grantApply(grantee: IGrantable): Grant {
    const { id, regions } = this.profile ?? { id: '', regions: [] };
    const judges = regions.map((region) => profileArn(this, id, region));
    return grantApply(grantee, [this.guardrailArn, ...judges], this.props.encryptionKey);
  }

  private get tier(): TierOfPolicy {
    return { isStandard: this.profile !== undefined };
  }

  /** Of everything that a version holds: not of the name, the tags and the description. */
  private policyHash(): string {
    const stack = Stack.of(this);
    const { Resources = {} } = stack.resolve(this.guardrail._toCloudFormation()) as {
      Resources?: Record<string, { Properties?: Record<string, unknown> }>;
    };
    const [resource] = Object.values(Resources);
    const { Name: _, Tags: __, Description: ___, ...policy } = resource?.Properties ?? {};
    return createHash('sha256').update(JSON.stringify(policy)).digest('hex').slice(0, 8);
  }

  private message(prop: 'blockedQuestion' | 'blockedAnswer', otherwise: string): string {
    const text = this.props[prop] ?? otherwise;
    if (text.length >= 1 && text.length <= 500) return text;
    return refuse(this, {
      prop,
      value: `${text.length} characters`,
      allowed: '1 to 500 characters',
      fix: 'shorten it',
      catalogueId: 'bedrock-guardrail-policies',
    });
  }
}

/** @param resourceArns the guardrail, and its profile in each region that may judge (AWS: Bedrock, guardrail-profiles-permissions) */
function grantApply(grantee: IGrantable, resourceArns: string[], encryptionKey: IKey | undefined): Grant {
  const applying = Grant.addToPrincipal({ grantee, actions: ['bedrock:ApplyGuardrail'], resourceArns });
  // Who uses a guardrail must be able to read it (AWS: Bedrock, create a customer managed key for your guardrail).
  if (encryptionKey === undefined) return applying;
  const reading = Grant.addToPrincipal({ grantee, actions: ['kms:Decrypt'], resourceArns: [encryptionKey.keyArn] });
  return combinedGrant(applying, reading);
}
