import { Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { UserPoolOperation } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { HandlerCode } from '../compute/handler-code';
import { HandlerFunction } from '../compute/handler-function';
import { Environment, METRICS_NAMESPACE, MetricDimensions } from '../runtime/contract';
import type { LoginProviders } from '../security/login-providers';
import type { UserDirectory } from '../security/user-directory';
import type { StageSettings } from '../stage/stage';
import { refuse } from '../validation/refuse';
import { refusesByThrowing } from '../validation/unwatched';

/** Props of {@link AllowedEmailDomains}. */
export interface AllowedEmailDomainsProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** With self sign-up, or with `providers`: where administrators make each account, they decide who gets one. */
  readonly users: UserDirectory;
  /** Identity providers of the pool, whose users are checked when they come for the first time. @default - none */
  readonly providers?: LoginProviders;
  /**
   * Domains whose addresses may sign up, such as `example.com`: in lower case, each once, at least one. A subdomain is another domain.
   * Internationalized names in ASCII (`xn--`).
   */
  readonly allowedEmailDomains: readonly string[];
}

/** What the function is called in logs, metrics and traces. */
const SIGN_UP_SERVICE = 'sign-up';
/** A host name in lower case with a dot: RFC 1035, 2.3.1 and 2.3.4. */
const DOMAIN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(xn--[a-z0-9-]{1,59}|[a-z]{2,63})$/;
/** What Cognito waits for, before it asks again, three times in all (AWS: Cognito, customizing workflows with Lambda triggers). */
const TRIGGER_TIMEOUT = Duration.seconds(5);

/**
 * Who may make an account of a user pool: only addresses of some domains, checked before the account is there, by a pre sign-up
 * trigger. Administrators still make any account. People prove their address by a code that Cognito sends, so that an address of an
 * allowed domain is of no use to who cannot read its mail. An account that is there is not checked again.
 *
 * A refusal notifies no one: it is no ERROR line that alarms count. It is an error of the function in AWS/Lambda, since a trigger can
 * refuse by an error alone; {@link metricRefused} tells the two apart.
 */
export class AllowedEmailDomains extends Construct {
  readonly handler: HandlerFunction;

  /** @throws RefusedValueError for no domain, one that cannot be one, one that is there twice, or users without self sign-up. */
  constructor(scope: Construct, id: string, props: AllowedEmailDomainsProps) {
    super(scope, id);
    const { stage, encryptionKey, users, allowedEmailDomains: domains } = props;
    this.refuseDomains(domains);
    if (props.providers === undefined) this.refuseClosed(users, domains);
    this.handler = new HandlerFunction(this, 'Handler', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('users', 'allowed-email-domains'),
      serviceName: SIGN_UP_SERVICE,
      timeout: TRIGGER_TIMEOUT,
      environment: {
        [Environment.allowedEmailDomains]: Token.isUnresolved(domains) ? Fn.join(',', [...domains]) : domains.join(','),
      },
    });
    refusesByThrowing(this.handler.logGroup, SIGN_UP_SERVICE);
    users.userPool.addTrigger(UserPoolOperation.PRE_SIGN_UP, this.handler.function);
  }

  /** Sign-ups that were refused. @default - the sum of five minutes */
  metricRefused(options?: MetricOptions): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: 'SignUpsRefused',
      statistic: Stats.SUM,
      period: Duration.minutes(5),
      dimensionsMap: {
        [MetricDimensions.service]: SIGN_UP_SERVICE,
        [MetricDimensions.stack]: Stack.of(this).stackName,
      },
      ...options,
    });
  }

  private refuseDomains(domains: readonly string[]): void {
    if (Token.isUnresolved(domains)) return;
    const known = domains.filter((domain) => !Token.isUnresolved(domain));
    const bad = known.filter((domain, index) => !DOMAIN.test(domain) || known.indexOf(domain) !== index);
    if (domains.length > 0 && bad.length === 0) return;
    refuse(this, {
      prop: 'allowedEmailDomains',
      value: domains.length === 0 ? 'empty' : bad,
      allowed: 'domains such as example.com, in lower case, without @, each once; at least one',
      fix: 'correct or remove it; omit allowedEmailDomains to let any address sign up',
    });
  }

  private refuseClosed({ selfSignUp }: UserDirectory, domains: readonly string[]): void {
    if (selfSignUp) return;
    refuse(this, {
      prop: 'allowedEmailDomains',
      value: domains,
      allowed:
        'only with selfSignUp: true (the default in every stage but a strict one, such as prod), or identity providers',
      fix: 'set selfSignUp: true, or omit allowedEmailDomains: administrators make each account, and it would have no effect',
    });
  }
}
