import { itemsOf } from '../aws/protocol';
import { type Check, ok, willFail } from '../question';

/**
 * Whether a region exists, and the account has opted in to it (AWS: Account Management, enabling Regions).
 *
 * @param from a region that is known to answer
 */
export function region(from: string): Check {
  return {
    id: 'region',
    questions: (place) => [
      {
        subject: 'enabled',
        resources: [],
        ask: async (aws) => {
          const { regionInfo } = await aws.call('ec2:DescribeRegions', { AllRegions: true }, from);
          const found = itemsOf(regionInfo).find(({ regionName }) => regionName === place.region);
          if (found === undefined) return willFail(`There is no region ${place.region}: correct it in the stack`);
          if (found.optInStatus !== 'not-opted-in') return ok(found.optInStatus ?? 'yes');
          return willFail(
            'The account has not enabled this region',
            `aws account enable-region --region-name ${place.region}`,
          );
        },
      },
    ],
  };
}
