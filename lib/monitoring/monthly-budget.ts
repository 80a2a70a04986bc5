import { Stack, Token } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import { EMAIL } from '../validation/email';
import { refuse } from '../validation/refuse';

/** What a month may cost, and who hears of it. */
export interface MonthlyBudgetProps {
  /** US dollars a month, above 0. */
  readonly usd: number;
  /** 1 to 10 e-mail addresses (AWS: Budgets, NotificationWithSubscribers). */
  readonly emails: readonly string[];
  /**
   * Counts only what has this tag, such as `aws:cloudformation:stack-name` and the stack's name. It must be activated as a cost
   * allocation tag before (Billing console): until then, and for what has no tags, such as calls of a model of Bedrock, the budget
   * counts nothing. @default - all costs of the account
   */
  readonly tag?: { readonly key: string; readonly value: string };
}

/** Per cent of the budget at which an e-mail is sent. */
const NOTIFICATIONS = [
  { type: 'ACTUAL', percent: 80 },
  { type: 'ACTUAL', percent: 100 },
  { type: 'FORECASTED', percent: 100 },
] as const;
const MOST_EMAILS = 10;
/** CloudFormation refuses a whole template there for it (aws-cloudformation/cloudformation-coverage-roadmap issue 2177). */
const REGIONS_WITHOUT = ['eu-central-2'];

/**
 * Sends an e-mail when the costs of a month pass 80% and 100% of a sum, and when they are forecast to. It stops nothing. Costs are known up to
 * a day late (AWS: Budgets, best practices): what stops a runaway at once are limits, such as the daily tokens of the GenAI
 * application. A budget costs nothing, and belongs to the account, not to a region: us-east-1 has its type for certain.
 */
export class MonthlyBudget extends Construct {
  readonly budget: CfnBudget;

  /** @throws RefusedValueError for a sum that is none, addresses that cannot be some, an empty tag, or a region without budgets. */
  constructor(scope: Construct, id: string, props: MonthlyBudgetProps) {
    super(scope, id);
    this.refuseImpossible(props);
    const { usd, emails, tag } = props;
    const subscribers = emails.map((address) => ({ subscriptionType: 'EMAIL', address }));
    this.budget = new CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: usd, unit: 'USD' },
        ...(tag !== undefined && { costFilters: { TagKeyValue: [filterOf(tag)] } }),
      },
      notificationsWithSubscribers: NOTIFICATIONS.map(({ type, percent }) => ({
        notification: {
          notificationType: type,
          comparisonOperator: 'GREATER_THAN',
          thresholdType: 'PERCENTAGE',
          threshold: percent,
        },
        subscribers,
      })),
    });
  }

  private refuseImpossible({ usd, emails, tag }: MonthlyBudgetProps): void {
    if (!Token.isUnresolved(usd) && !(Number.isFinite(usd) && usd > 0)) {
      refuse(this, {
        prop: 'usd',
        value: usd,
        allowed: 'US dollars a month, above 0',
        fix: 'pass what a month may cost, such as 100',
      });
    }
    const bad = emails.filter(
      (email, index) => !Token.isUnresolved(email) && (!EMAIL.test(email) || emails.indexOf(email) !== index),
    );
    if (emails.length === 0 || emails.length > MOST_EMAILS || bad.length > 0) {
      refuse(this, {
        prop: 'emails',
        value: bad.length > 0 ? bad : `${emails.length} addresses`,
        allowed: `1 to ${MOST_EMAILS} e-mail addresses, each once`,
        fix: 'correct the addresses; for more people use an address that forwards',
      });
    }
    if (tag !== undefined && [tag.key, tag.value].some((part) => part === '')) {
      refuse(this, {
        prop: 'tag',
        value: `${tag.key}=${tag.value}`,
        allowed: 'a key and a value that are not empty',
        fix: 'omit tag to count all costs of the account',
      });
    }
    const { region } = Stack.of(this);
    if (!REGIONS_WITHOUT.includes(region)) return;
    refuse(this, {
      prop: 'env.region',
      value: region,
      allowed: 'a region whose CloudFormation knows AWS::Budgets::Budget, such as us-east-1',
      fix: 'create it in a stack of us-east-1: a budget is of the account, not of a region',
    });
  }
}

/** A tag as a filter of costs (AWS: Budgets, CostFilters). */
function filterOf({ key, value }: { readonly key: string; readonly value: string }): string {
  return `${key.startsWith('aws:') ? key : `user:${key}`}$${value}`;
}
