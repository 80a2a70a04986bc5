import {
  CfnResource,
  DefaultTokenResolver,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  Reference,
  StringConcat,
  Tokenization,
} from 'aws-cdk-lib';

/** The resources that a value of a resource names, in its stack or in another. */
export function resourcesNamedIn(value: unknown, from: CfnResource): ReadonlySet<CfnResource> {
  const found = new Set<CfnResource>();
  class Collector extends DefaultTokenResolver {
    override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
      if (Reference.isReference(token) && CfnResource.isCfnResource(token.target)) found.add(token.target);
      return super.resolveToken(token, context, postProcessor);
    }
  }
  Tokenization.resolve(value, { scope: from, resolver: new Collector(new StringConcat()), preparing: true });
  return found;
}

/** A property of a resource by the name that CloudFormation has for it. */
export function propertyOf(resource: CfnResource, name: string): unknown {
  const attribute = attributeOf(resource, name);
  return attribute === undefined ? undefined : Reflect.get(resource, attribute);
}

/** Sets a property of a resource by the name that CloudFormation has for it. */
export function setProperty(resource: CfnResource, name: string, value: unknown): void {
  const attribute = attributeOf(resource, name);
  if (attribute !== undefined) Reflect.set(resource, attribute, value);
}

/** The L1 has a property as an attribute, in another case. */
function attributeOf(resource: CfnResource, name: string): string | undefined {
  const own = Object.getOwnPropertyNames(resource);
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(resource));
  return [...own, ...inherited].find((each) => each.toLowerCase() === name.toLowerCase());
}
