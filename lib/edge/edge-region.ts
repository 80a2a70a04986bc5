import { Stack, Stage, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { refuse } from '../validation/refuse';

/** Where CloudFront looks for web ACLs and certificates (AWS WAF: CLOUDFRONT scope; ACM: supported Regions). */
export const EDGE_REGION = 'us-east-1';

/**
 * The scope for what CloudFront only takes from us-east-1, wherever the application is: the construct itself in a stack of
 * that region, else its counterpart in a stack `<stack>Edge` beside it, which is made with the first such thing. In AWS it is
 * called `<stack>Edge-<region>`: the same application in a second region of the account has one of its own. The application's
 * stack depends on it by references across regions (`Fn::GetStackOutput`), which CDK resolves at deployment.
 *
 * us-east-1 must be bootstrapped (`cdk bootstrap aws://<account>/us-east-1`).
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
  const edge = new Stack(Stage.of(stack) ?? stack.node.root, `${stack.node.id}Edge`, {
    stackName: `${stack.stackName}Edge-${stack.region}`,
    description: `Resources that CloudFront requires in ${EDGE_REGION}, for the stack ${stack.stackName}`,
    env: { account: Token.isUnresolved(stack.account) ? undefined : stack.account, region: EDGE_REGION },
    terminationProtection: stack.terminationProtection,
    tags: stack.tags.tagValues(),
  });
  edgeStacks.set(stack, edge);
  return edge;
}

/** The stack that is deployed by itself: nested ones share its region. */
function topStack(construct: IConstruct): Stack {
  const stack = Stack.of(construct);
  return stack.nestedStackParent === undefined ? stack : topStack(stack.nestedStackParent);
}
