import { Aws, Names, Token } from 'aws-cdk-lib';
import { type IUserPool, ManagedLoginVersion, type UserPoolClient, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { stackPart } from '../naming/stack-own-name';
import { refuse } from '../validation/refuse';
import { LoginClient, type LoginUrls, type SignInOptions } from './login-client';

/** Props of {@link ManagedLogin}. */
export interface ManagedLoginProps {
  readonly userPool: IUserPool;
  /**
   * First part of the login's host name, which people see. 1 to 63 of a-z, 0-9 and inner hyphens, without aws, amazon or cognito;
   * no one else in the region may have it. @default - from the stack and the account, which no one else has
   */
  readonly domainPrefix?: string;
}

/** Words that Cognito refuses in a prefix (AWS: Cognito, using a prefix domain). */
const RESERVED = /aws|amazon|cognito/g;
/** What a name may have beside the stack's 8 characters, the account's 12 digits and two hyphens, of Cognito's 63. */
const MAX_NAME = 41;

/**
 * Cognito's own pages to sign up, sign in, and reset a password, at a host name of Cognito's. A pool with a domain answers nothing
 * through a VPC endpoint (AWS: Cognito, access using an interface endpoint).
 */
export class ManagedLogin extends Construct {
  readonly domain: UserPoolDomain;
  /** `https://<prefix>.auth.<region>.amazoncognito.com`. */
  readonly url: string;
  private readonly userPool: IUserPool;

  /** @throws RefusedValueError for a prefix that Cognito does not take. */
  constructor(scope: Construct, id: string, { userPool, domainPrefix }: ManagedLoginProps) {
    super(scope, id);
    this.userPool = userPool;
    if (domainPrefix !== undefined) this.refusePrefix(domainPrefix);
    this.domain = new UserPoolDomain(this, 'Domain', {
      userPool,
      cognitoDomain: { domainPrefix: domainPrefix ?? this.ownPrefix() },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    this.url = this.domain.baseUrl();
  }

  /**
   * Adds a site's client, in the site's own scope: its URLs then never flow back into the pool's stack.
   *
   * @throws RefusedValueError for no URL, or one that Cognito does not take.
   */
  addLoginClient(scope: Construct, id: string, options: LoginUrls & SignInOptions): UserPoolClient {
    return new LoginClient(scope, id, { userPool: this.userPool, ...options }).client;
  }

  /** The stack's name is in it, its own id, and the account, so that no other deployment in the region has it. */
  private ownPrefix(): string {
    const name = Names.uniqueResourceName(this, { maxLength: MAX_NAME, separator: '-' });
    return `${name.toLowerCase().replace(RESERVED, 'x')}-${stackPart()}-${Aws.ACCOUNT_ID}`;
  }

  private refusePrefix(prefix: string): void {
    if (Token.isUnresolved(prefix)) return;
    if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(prefix) && prefix.search(RESERVED) === -1) return;
    refuse(this, {
      prop: 'domainPrefix',
      value: prefix,
      allowed: '1 to 63 of a-z, 0-9 and inner hyphens, without aws, amazon or cognito',
      fix: 'omit it, or choose another: it must be unique in the region',
    });
  }
}
