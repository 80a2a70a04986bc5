import type { ClickstreamEvent, EventType } from '../clickstream-schema';

/** What traffic to make. */
export interface TrafficOptions {
  /** From 0 up to 1. The same draws make the same traffic. */
  readonly random: () => number;
  /** Milliseconds since 1970: when the next event happens. */
  readonly now: () => number;
  /** Share of events that come from one session alone, which heats one shard. 0 to below 1. @default 0 */
  readonly skew?: number;
  /** Visits that go on at the same time. @default 200 */
  readonly sessions?: number;
}

interface Session {
  readonly id: string;
  readonly user?: string;
  readonly referrer?: string;
  hasCart: boolean;
}

/** How likely a visitor goes from one step to the next; ours, near what shops publish of theirs. */
const LIKELY = { signedIn: 0.4, leaves: 0.12, adds: 0.15, buys: 0.3, clicks: 0.35 } as const;
const PAGES = ['/', '/books', '/books/clouds', '/books/queues', '/books/streams', '/offers', '/about'] as const;
const REFERRERS = [undefined, 'https://search.example.com/', 'https://news.example.org/clouds'] as const;
const PRICES = [1_490, 2_990, 3_990, 7_990] as const;

/** Makes the events of a shop's visitors, one after the other: each views pages, some fill a cart, fewer pay. */
export function clickstreamTraffic({
  random,
  now,
  skew = 0,
  sessions: size = 200,
}: TrafficOptions): () => ClickstreamEvent {
  let [visits, events] = [0, 0];
  const hex = () => Math.floor(random() * 2 ** 32).toString(16);
  const run = `${hex()}${hex()}`;
  const pick = <T>(choices: readonly [T, ...T[]]): T => choices[Math.floor(random() * choices.length)] ?? choices[0];
  const visit = (): Session => {
    visits += 1;
    return {
      id: `s-${run}-${visits}`,
      user: random() < LIKELY.signedIn ? `u-${Math.floor(random() * 10_000)}` : undefined,
      referrer: pick(REFERRERS),
      hasCart: false,
    };
  };
  const hot = visit();
  const open = Array.from({ length: size }, visit);

  return () => {
    events += 1;
    const index = Math.floor(random() * size);
    const session = random() < skew ? hot : (open[index] ?? hot);
    const type = next(session);
    session.hasCart = type === 'add_to_cart' || (session.hasCart && type !== 'purchase');
    if (session !== hot && random() < LIKELY.leaves) open[index] = visit();
    return {
      event_id: `e-${run}-${events}`,
      event_type: type,
      occurred_at: new Date(now()).toISOString(),
      session_id: session.id,
      ...(session.user !== undefined && { user_id: session.user }),
      page: type === 'purchase' ? '/checkout' : pick(PAGES),
      ...(session.referrer !== undefined && { referrer: session.referrer }),
      ...(type === 'purchase' && { amount_cents: pick(PRICES) }),
    };
  };

  function next({ hasCart }: Session): EventType {
    if (hasCart && random() < LIKELY.buys) return 'purchase';
    if (random() < LIKELY.adds) return 'add_to_cart';
    return random() < LIKELY.clicks ? 'click' : 'page_view';
  }
}
