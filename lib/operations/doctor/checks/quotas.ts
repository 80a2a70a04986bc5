import type { TemplateResource } from '../../../template/template-resource';
import { itemsOf } from '../aws/protocol';
import type { Place } from '../place';
import { type Answer, type Aws, type Check, cannotTell, ok, willFail } from '../question';
import { newOnes } from '../stack-state';
import { type QuotaCode, quotaCommand } from './quota-command';

/** A quota that templates use up. */
interface Quota extends QuotaCode {
  readonly name: string;
  readonly types: readonly string[];
  /** Where a global service's quota is. @default - the region of the place */
  readonly region?: string;
  /** What one resource takes of it. @throws CannotTell where only deployment knows @default 1 */
  amount?(place: Place, resource: TemplateResource): number;
  /** What is in use; `atLeast` where there is more than one answer tells. @default - it is not counted */
  used?(aws: Aws): Promise<{ readonly count: number; readonly atLeast?: boolean }>;
}

/** Quotas that a new account reaches first (AWS: Service Quotas; each code is what `get-service-quota` takes). */
const QUOTAS: readonly Quota[] = [
  {
    name: 'Elastic IP addresses',
    service: 'ec2',
    code: 'L-0263D0A3',
    types: ['AWS::EC2::EIP'],
    used: async (aws) => ({ count: itemsOf((await aws.call('ec2:DescribeAddresses')).addressesSet).length }),
  },
  {
    name: 'VPCs',
    service: 'vpc',
    code: 'L-F678F1CE',
    types: ['AWS::EC2::VPC'],
    used: async (aws) => ({
      count: itemsOf((await aws.call('ec2:DescribeVpcs', { MaxResults: 1000 })).vpcSet).length,
    }),
  },
  {
    name: 'CloudFront distributions',
    service: 'cloudfront',
    code: 'L-24B04930',
    types: ['AWS::CloudFront::Distribution'],
    region: 'us-east-1',
    used: async (aws) => {
      const { Quantity, IsTruncated } = await aws.call('cloudfront:ListDistributions');
      return { count: Number(Quantity ?? 0), atLeast: IsTruncated === 'true' };
    },
  },
  {
    name: 'Fargate vCPUs',
    service: 'fargate',
    code: 'L-3032A538',
    types: ['AWS::ECS::Service'],
    amount: (place, service) => {
      const task = place.index.mustFind(service, service.properties['TaskDefinition'], 'the task definition');
      return (service.number('DesiredCount') ?? 1) * ((task.number('Cpu') ?? 0) / 1024);
    },
  },
];

/** Whether there is room for what the templates make of things that AWS counts. */
export const quotas: Check = {
  id: 'quotas',
  questions: (place) =>
    QUOTAS.flatMap((quota) => {
      const resources = place.ofType(...quota.types);
      if (resources.length === 0) return [];
      return [{ subject: quota.name, resources, ask: (aws) => looked(aws, place, quota, resources) }];
    }),
};

async function looked(aws: Aws, place: Place, quota: Quota, resources: readonly TemplateResource[]): Promise<Answer> {
  const needs = resources.map((resource) => ({ resource, amount: quota.amount?.(place, resource) ?? 1 }));
  const [limit, { count, atLeast = false } = { count: 0 }] = await Promise.all([
    limitOf(aws, quota),
    quota.used?.(aws),
  ]);
  if (limit === undefined) return cannotTell('Service Quotas does not say what the quota is');
  const all = sum(needs);
  const used = quota.used === undefined ? 'what runs is not counted' : `${count} ${atLeast ? 'or more ' : ''}in use`;
  const has = `the quota is ${limit}, ${used}`;
  if (count + all > limit) {
    const fresh = sum(await newOnes(aws, place, needs));
    if (count + fresh <= limit) {
      return cannotTell(`${shown(all)} are needed, some of them in stacks that are deployed; ${has}`);
    }
    const region = quota.region ?? place.region;
    return willFail(`${shown(fresh)} more are needed; ${has}`, quotaCommand(quota, region, Math.ceil(count + fresh)));
  }
  if (atLeast) return cannotTell(`${shown(all)} are needed; ${has}`);
  return ok(`${shown(all)} needed; ${has}`);
}

const sum = (needs: readonly { readonly amount: number }[]) => needs.reduce((total, { amount }) => total + amount, 0);
const shown = (amount: number) => String(Math.round(amount * 100) / 100);

/** The quota of the account, or what every account begins with where nothing was changed. */
async function limitOf(aws: Aws, { service, code, region }: Quota): Promise<number | undefined> {
  const input = { ServiceCode: service, QuotaCode: code };
  try {
    return (await aws.call('servicequotas:GetServiceQuota', input, region)).Quota?.Value;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NoSuchResourceException') throw error;
    return (await aws.call('servicequotas:GetAWSDefaultServiceQuota', input, region)).Quota?.Value;
  }
}
