import { CustomResource, Duration, Fn, Size, Stack } from 'aws-cdk-lib';
import type { IRestApi, IStage } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { OriginProtocolPolicy, OriginSslPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, type HttpOriginProps } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { HandlerCode } from '../compute/handler-code';
import { HandlerFunction } from '../compute/handler-function';
import { ORIGIN_HEADER } from '../runtime/contract';
import type { StageSettings } from '../stage/stage';
import { refuse } from '../validation/refuse';
import { leaveUnwatched, RUNS_AT_DEPLOYMENT } from '../validation/unwatched';

/** Props of {@link OriginSecret}. */
export interface OriginSecretProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** Raise it, and the next deployment makes another value. A whole number from 1. @default 1 */
  readonly generation?: number;
}

/**
 * What a distribution tells its API and no one else knows: 256 random bits, made at deployment by a custom resource, so they
 * are in no template and no source. The distribution's configuration alone has the value; the API gets hashes to check by.
 *
 * A new generation: the API must know the new hash before the distribution sends the new value (let the distribution depend on
 * the function, see `after` of SiteDistribution). The hashes of the two values before stay good for edges that the
 * distribution's change has not reached yet, and for a deployment that is rolled back.
 */
export class OriginSecret extends Construct {
  /** For a header that CloudFront adds. Never for an environment variable or an output. */
  readonly value: string;
  /** SHA-256 in hex of the value and of the two before it, separated by commas: for `ORIGIN_VERIFIERS`. */
  readonly verifiers: string;

  /** @throws RefusedValueError for a generation that is none. */
  constructor(scope: Construct, id: string, props: OriginSecretProps) {
    super(scope, id);
    const { stage, encryptionKey, generation = 1 } = props;
    if (!Number.isInteger(generation) || generation < 1) {
      refuse(this, {
        prop: 'generation',
        value: generation,
        allowed: 'a whole number from 1',
        fix: 'increase it by one each time you want a new value',
      });
    }
    const { function: fn } = new HandlerFunction(this, 'Handler', {
      stage,
      encryptionKey,
      code: HandlerCode.prebuilt('edge', 'origin-secret'),
      serviceName: 'origin-secret',
      timeout: Duration.minutes(2),
      memory: Size.mebibytes(256),
    });
    leaveUnwatched(fn, RUNS_AT_DEPLOYMENT);
    const secret = new CustomResource(this, 'Secret', {
      serviceToken: fn.functionArn,
      resourceType: 'Custom::OriginSecret',
      serviceTimeout: Duration.minutes(2),
      // CloudFormation passes properties on as text.
      properties: { generation: String(generation) },
    });
    secret.node.addDependency(fn);
    // Their names change with the generation: a function whose template stays the same would get no new version, and its alias
    // would go on with the hashes of before.
    this.value = secret.getAttString(`Value${generation}`);
    this.verifiers = secret.getAttString(`Verifiers${generation}`);
  }

  /** The API's default stage as an origin: HTTPS alone, and each request with the value. */
  originOf(api: IHttpApi): HttpOrigin {
    return new HttpOrigin(Fn.select(2, Fn.split('/', api.apiEndpoint)), this.originProps());
  }

  /**
   * A stage of a REST API as an origin, likewise. An answer may say nothing for 60 s before CloudFront gives up, the most without a
   * raised quota (AWS: CloudFront, response timeout): what streams must say something within it.
   */
  originOfRest(api: IRestApi, stage: IStage): HttpOrigin {
    const { region, urlSuffix } = Stack.of(api);
    return new HttpOrigin(`${api.restApiId}.execute-api.${region}.${urlSuffix}`, {
      ...this.originProps(),
      originPath: `/${stage.stageName}`,
      readTimeout: Duration.seconds(60),
    });
  }

  private originProps(): HttpOriginProps {
    return {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      customHeaders: { [ORIGIN_HEADER]: this.value },
    };
  }
}
