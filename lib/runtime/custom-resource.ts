import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { logger } from './observability';
import { untilPermitted } from './until-permitted';

/** What was made, for other resources of the template. */
export interface Applied {
  /** Attributes, which `Fn::GetAtt` reads. */
  readonly data: Readonly<Record<string, string>>;
  /** Hides the attributes where CloudFormation shows events. @default false */
  readonly noEcho?: boolean;
}

/** What a custom resource does. Each may run twice for one request, so each must bear it. */
export interface CustomResource {
  /**
   * Names what is made: another name after an update makes CloudFormation delete the old one.
   * @param data what {@link apply} returned
   */
  physicalId(properties: Readonly<Record<string, unknown>>, data: Applied['data']): string;
  /**
   * @param before the properties of the last deployment, for an update
   * @param current the name of what there is, for an update
   */
  apply(
    properties: Readonly<Record<string, unknown>>,
    before?: Readonly<Record<string, unknown>>,
    current?: string,
  ): Promise<Applied> | Promise<void>;
  remove(properties: Readonly<Record<string, unknown>>): Promise<void>;
  /** Seconds between tries of {@link apply} while a role's new permissions are not known. @default PAUSES_SECONDS */
  readonly pauses?: readonly number[];
}

/** Tries of an answer: without one the deployment hangs until its time is up. */
const TRIES = 3;
/** Milliseconds of one try: without a bound a silent address takes the function's whole time, and there is no answer. */
const ANSWER_MS = 10_000;

/**
 * Makes a handler for CloudFormation. It answers every request, whatever happens: a failure fails the deployment at once and
 * says why, where silence would stall it for an hour.
 */
export function customResource({ physicalId, apply, remove, pauses }: CustomResource) {
  return async (event: CloudFormationCustomResourceEvent): Promise<void> => {
    const given = 'PhysicalResourceId' in event ? event.PhysicalResourceId : undefined;
    // A creation that failed is deleted by the id of its failure, which nothing stands behind.
    let PhysicalResourceId = given ?? event.LogicalResourceId;
    let failure: string | undefined;
    let applied: Applied | undefined;
    try {
      const { ResourceProperties: properties } = event;
      if (event.RequestType === 'Delete') {
        if (given !== event.LogicalResourceId) await remove(properties);
      } else {
        const before = event.RequestType === 'Update' ? event.OldResourceProperties : undefined;
        applied = (await untilPermitted(async () => apply(properties, before, given), pauses)) ?? undefined;
        PhysicalResourceId = physicalId(properties, applied?.data ?? {});
      }
    } catch (error) {
      logger.error('The custom resource failed', { error: error as Error });
      failure = error instanceof Error ? error.message : String(error);
    }
    const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
    await answer(ResponseURL, {
      Status: failure === undefined ? 'SUCCESS' : 'FAILED',
      // CloudFormation takes 4 KB in all (AWS: custom resource response objects).
      ...(failure !== undefined && { Reason: failure.slice(0, 1000) }),
      PhysicalResourceId,
      StackId,
      RequestId,
      LogicalResourceId,
      ...(failure === undefined && applied !== undefined && { Data: applied.data, NoEcho: applied.noEcho === true }),
    });
  };
}

/** Puts the answer where CloudFormation waits for it, an address signed for it. */
async function answer(url: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { ok, status } = await fetch(url, {
        method: 'PUT',
        headers: { 'content-type': '' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (ok) return;
      throw new Error(`CloudFormation's address answered ${status}`);
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}
