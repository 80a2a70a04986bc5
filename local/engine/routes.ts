/** A route and what it found in a path. */
export interface MatchedRoute {
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The route that an HTTP API picks: a full match before one with a greedy variable, a method before `ANY`, and `$default`
 * for what is left (docs.aws.amazon.com/apigateway: http-api-develop-routes).
 */
export function matchingRoute(routeKeys: readonly string[], method: string, path: string): MatchedRoute | undefined {
  const candidates = routeKeys.flatMap((routeKey) => {
    const [routeMethod = '', pattern = ''] = routeKey.split(' ');
    if (routeMethod !== method && routeMethod !== 'ANY') return [];
    const pathParameters = parametersOf(pattern, path);
    if (pathParameters === undefined) return [];
    const rank = (pattern.includes('+}') ? 4 : 0) + (pattern.includes('{') ? 2 : 0) + (routeMethod === 'ANY' ? 1 : 0);
    return [{ routeKey, pathParameters, rank }];
  });
  const [best] = candidates.sort((a, b) => a.rank - b.rank);
  if (best !== undefined) return { routeKey: best.routeKey, pathParameters: best.pathParameters };
  return routeKeys.includes('$default') ? { routeKey: '$default', pathParameters: {} } : undefined;
}

function parametersOf(pattern: string, path: string): Record<string, string> | undefined {
  const [expected, given] = [pattern.split('/'), path.split('/')];
  const parameters: Record<string, string> = {};
  for (const [index, step] of expected.entries()) {
    const greedy = /^\{(.+)\+\}$/.exec(step)?.[1];
    if (greedy !== undefined) {
      const rest = given.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [greedy]: rest };
    }
    const value = given[index] ?? '';
    const name = /^\{(.+)\}$/.exec(step)?.[1];
    if (name === undefined ? step !== value : value === '') return undefined;
    if (name !== undefined) parameters[name] = decodeURIComponent(value);
  }
  return expected.length === given.length ? parameters : undefined;
}
