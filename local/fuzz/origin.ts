import type { LocalEngine } from '../engine/local-engine';
import type { FuzzRequest } from './request';

interface DistributionConfig {
  readonly Origins?: readonly {
    readonly OriginCustomHeaders?: readonly { readonly HeaderName: string; readonly HeaderValue: string }[];
  }[];
}

/** Headers that the distribution of a stack adds on the way to its API. */
export function originHeaders({ template }: LocalEngine): FuzzRequest['headers'] {
  return template.ofType('AWS::CloudFront::Distribution').flatMap(({ properties }) => {
    const { Origins = [] } = properties['DistributionConfig'] as DistributionConfig;
    return Origins.flatMap(({ OriginCustomHeaders = [] }) =>
      OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName, HeaderValue] as const),
    );
  });
}
