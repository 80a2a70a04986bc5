import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import type { Place } from '../place';
import { type Answer, type Aws, type Check, cannotTell, ok, willFail } from '../question';
import { newOnes } from '../stack-state';
import { quotaCommand } from './quota-command';

/** What AWS keeps unreserved in every account and region (AWS: Lambda, reserved concurrency). */
const UNRESERVED_MINIMUM = 100;

/** Whether the account has the concurrency that functions reserve and keep warm (`lambda-reserved-sum-within-pool`). */
export const lambdaConcurrency: Check = {
  id: 'lambda-concurrency',
  questions: (place) => {
    const needs = [...bookings(place)];
    if (needs.length === 0) return [];
    return [
      {
        subject: 'Lambda concurrency',
        resources: needs.map(({ resource }) => resource),
        ask: (aws) => looked(aws, place, needs),
      },
    ];
  },
};

interface Booking {
  readonly resource: TemplateResource;
  /** Undefined where only deployment knows it. */
  readonly amount?: number;
}

/** Reservations, and what is kept warm by functions without one: Lambda books that from the account, too. */
function* bookings(place: Place): Generator<Booking> {
  for (const resource of place.ofType('AWS::Lambda::Function')) {
    if (resource.properties['ReservedConcurrentExecutions'] === undefined) continue;
    yield { resource, amount: amountAt(resource, 'ReservedConcurrentExecutions') };
  }
  for (const resource of place.ofType('AWS::Lambda::Alias', 'AWS::Lambda::Version')) {
    const warm = resource.properties['ProvisionedConcurrencyConfig'];
    if (warm === undefined || reservation(place, resource) !== undefined) continue;
    yield { resource, amount: amountAt(resource, 'ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions') };
  }
}

function reservation(place: Place, resource: TemplateResource): unknown {
  const owner = place.index.referent(resource, resource.properties['FunctionName']);
  return owner?.properties['ReservedConcurrentExecutions'];
}

function amountAt(resource: TemplateResource, path: string): number | undefined {
  try {
    return resource.number(path) ?? 0;
  } catch (error) {
    if (error instanceof CannotTell) return undefined;
    throw error;
  }
}

async function looked(aws: Aws, place: Place, needs: readonly Booking[]): Promise<Answer> {
  const { AccountLimit: { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } = {} } =
    await aws.call('lambda:GetAccountSettings');
  if (limit === undefined || unreserved === undefined) return cannotTell('Lambda does not say what the quota is');
  const sum = (of: readonly Booking[]) => of.reduce((total, { amount = 0 }) => total + amount, 0);
  const all = sum(needs);
  const free = Math.max(0, unreserved - UNRESERVED_MINIMUM);
  const has = `${free} of ${limit} can be reserved, since ${UNRESERVED_MINIMUM} must stay unreserved`;
  const fresh = all > free ? sum(await newOnes(aws, place, needs)) : 0;
  if (fresh > free) {
    const wanted = Math.max(1000, limit - unreserved + fresh + UNRESERVED_MINIMUM);
    const without = `. A pattern of this package does without in dev and staging, by -c accountConcurrency=${limit}`;
    return willFail(
      `The functions reserve ${fresh}, and ${has}${limit <= UNRESERVED_MINIMUM ? without : ''}`,
      quotaCommand({ service: 'lambda', code: 'L-B99A9384' }, place.region, wanted),
    );
  }
  if (needs.some(({ amount }) => amount === undefined)) {
    return cannotTell(`A reservation is known only at deployment; ${has}`);
  }
  if (all > free) return cannotTell(`The functions reserve ${all}, some of it in stacks that are deployed, and ${has}`);
  return ok(`${all} to reserve, and ${has}`);
}
