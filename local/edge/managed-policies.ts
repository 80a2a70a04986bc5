/** What a cache policy lets through to the origin, and whether answers are kept. */
export interface CachePolicy {
  readonly name: string;
  readonly caches: boolean;
  /** Part of the cache key, and so sent to the origin. */
  readonly acceptEncoding: boolean;
}

/** What an origin request policy adds to that. */
export interface OriginRequestPolicy {
  readonly name: string;
  /** Every header of the viewer but these. */
  readonly allHeadersBut: readonly string[];
  readonly query: boolean;
}

/** AWS: use managed cache policies. */
const CACHE_POLICIES: Readonly<Record<string, CachePolicy>> = {
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': { name: 'CachingDisabled', caches: false, acceptEncoding: false },
  '658327ea-f89d-4fab-a63d-7e88639e58f6': { name: 'CachingOptimized', caches: true, acceptEncoding: true },
};

/** AWS: use managed origin request policies. */
const ORIGIN_REQUEST_POLICIES: Readonly<Record<string, OriginRequestPolicy>> = {
  '216adef6-5c7f-47e4-b989-5492eafa07d3': { name: 'AllViewer', allHeadersBut: [], query: true },
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': { name: 'AllViewerExceptHostHeader', allHeadersBut: ['host'], query: true },
};

/** @throws Error for a policy that is not known here */
export function cachePolicy(id: unknown): CachePolicy {
  const policy = CACHE_POLICIES[String(id)];
  if (policy === undefined) throw new Error(`The cache policy ${String(id)} is not known here`);
  return policy;
}

/** @throws Error for a policy that is not known here */
export function originRequestPolicy(id: unknown): OriginRequestPolicy {
  const policy = ORIGIN_REQUEST_POLICIES[String(id)];
  if (policy === undefined) throw new Error(`The origin request policy ${String(id)} is not known here`);
  return policy;
}
