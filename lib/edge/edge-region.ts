import {
  Annotations,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  type IReusableStackSynthesizer,
  isReusableStackSynthesizer,
  LegacyStackSynthesizer,
  Stack,
  StackSynthesizer,
  Stage,
  Token,
} from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { applyAspectsOf } from '../stage/apply-aspects';
import { refuse } from '../validation/refuse';

/** Where CloudFront looks for web ACLs and certificates (AWS WAF: CLOUDFRONT scope; ACM: supported Regions). */
export const EDGE_REGION = 'us-east-1';

/**
 * The scope for what CloudFront only takes from us-east-1, wherever the application is: the construct itself in a stack of
 * that region, else its counterpart in a stack `<stack>Edge` beside it, which is made with the first such thing. In AWS it is
 * called `<stack>Edge-<region>`: the same application in a second region of the account has one of its own. The application's
 * stack depends on it by references across regions (`Fn::GetStackOutput`), which CDK resolves at deployment.
 *
 * us-east-1 must be bootstrapped (`cdk bootstrap aws://<account>/us-east-1`). The stack there has the synthesizer, tags, permissions boundary
 * and aspects of the application's. To choose another name or synthesizer, create a stack `<id>Edge` in us-east-1 before.
 *
 * @throws RefusedValueError when the stack does not say its region: then no one knows whether it is us-east-1.
 */
export function edgeScope(construct: Construct): Construct {
  const stack = topStack(construct);
  if (Token.isUnresolved(stack.region)) {
    refuse(construct, {
      prop: 'env.region',
      value: 'left open',
      allowed: `an explicit region: a web ACL for CloudFront must be in ${EDGE_REGION}, and stacks in other regions refer to it across regions`,
      fix: "set it: new MyStack(app, 'My', { env: { region: 'eu-west-1' } }), or pass -c region=eu-west-1",
      catalogueId: 'waf-on-cloudfront',
    });
  }
  if (stack.region === EDGE_REGION) return construct;
  const { scopes } = construct.node;
  const below = scopes.slice(scopes.indexOf(stack) + 1);
  return below.reduce<Construct>(
    (scope, { node: { id } }) => (scope.node.tryFindChild(id) as Construct | undefined) ?? new Construct(scope, id),
    edgeStack(stack),
  );
}

/** The stacks by the stack that they support. */
const edgeStacks = new WeakMap<Stack, Stack>();

function edgeStack(stack: Stack): Stack {
  const made = edgeStacks.get(stack);
  if (made !== undefined) return made;
  const scope = Stage.of(stack) ?? stack.node.root;
  const id = `${stack.node.id}Edge`;
  const existing = scope.node.tryFindChild(id);
  const edge = existing === undefined ? createEdgeStack(scope, id, stack) : accept(existing, stack);
  edgeStacks.set(stack, edge);
  return edge;
}

function createEdgeStack(scope: IConstruct, id: string, stack: Stack): Stack {
  const synthesizer = synthesizerOf(stack);
  const edge = new Stack(scope as Construct, id, {
    stackName: `${stack.stackName}Edge-${stack.region}`,
    description: `Resources that CloudFront requires in ${EDGE_REGION}, for the stack ${stack.stackName}`,
    env: { account: Token.isUnresolved(stack.account) ? undefined : stack.account, region: EDGE_REGION },
    terminationProtection: stack.terminationProtection,
    tags: stack.tags.tagValues(),
    synthesizer,
  });
  // Its tags, its permissions boundary, and what else its owner applies to it.
  applyAspectsOf(stack, edge);
  return edge;
}

/** A stack of yours under that name, for which you chose synthesizer, name and tags. */
function accept(existing: IConstruct, stack: Stack): Stack {
  if (Stack.isStack(existing) && existing.region === EDGE_REGION) return existing;
  return refuse(stack, {
    prop: existing.node.path,
    value: Stack.isStack(existing) ? existing.region : 'no stack',
    allowed: `a stack in ${EDGE_REGION}: its name is that of the stack for what CloudFront requires there`,
    fix: `rename it, or set its region to ${EDGE_REGION}`,
    catalogueId: 'waf-on-cloudfront',
  });
}

/**
 * The CDK's own synthesizers that publish assets, which can be made anew from their props. BootstraplessSynthesizer publishes none, and keeps
 * its props in another form than it takes them.
 */
const WITH_ASSETS: readonly unknown[] = [
  DefaultStackSynthesizer,
  CliCredentialsStackSynthesizer,
  LegacyStackSynthesizer,
];

/**
 * A synthesizer like the stack's, for one more stack. The stack has a copy that is bound to it, made from the one that it was given (`Stack`
 * makes it by `reusableBind`, which derives it with `Object.create`). Copies of one synthesizer share their list of assets, so that each
 * stack would publish those of the other, too: the CDK's own that have some are made anew.
 */
function synthesizerOf(stack: Stack): IReusableStackSynthesizer | undefined {
  if (!isReusableStackSynthesizer(stack.synthesizer)) {
    Annotations.of(stack).addWarningV2(
      'groundplan:edge-synthesizer',
      `The synthesizer of ${stack.node.path} is for one stack, so ${stack.node.path}Edge has the app's. To choose another, create a stack ` +
        `'${stack.node.id}Edge' in ${EDGE_REGION} before.`,
    );
    return undefined;
  }
  const given: unknown = Object.getPrototypeOf(stack.synthesizer);
  // A synthesizer that was bound without a copy derives from its class.
  if (!(given instanceof StackSynthesizer) || given.constructor.prototype === given) return undefined;
  if (WITH_ASSETS.includes(given.constructor)) {
    const { props } = given as StackSynthesizer & { readonly props?: object };
    return Reflect.construct(given.constructor, [props]) as IReusableStackSynthesizer;
  }
  return isReusableStackSynthesizer(given) ? given : undefined;
}

/** The stack that is deployed by itself: nested ones share its region. */
function topStack(construct: IConstruct): Stack {
  const stack = Stack.of(construct);
  return stack.nestedStackParent === undefined ? stack : topStack(stack.nestedStackParent);
}
