/** A question that the lake answers. `{table}` stands for the events' table. */
export interface NamedQuery {
  readonly description: string;
  readonly sql: string;
}

/**
 * Saved in the workgroup, ready to run. Each looks at one week or less, by the partition: a query without `dt` would read
 * everything (athena-partitioned).
 */
export const NAMED_QUERIES: Readonly<Record<string, NamedQuery>> = {
  EventsPerMinute: {
    description: 'Events of each type, minute by minute, today and yesterday',
    sql: `SELECT date_trunc('minute', occurred_at) AS minute, event_type, count(*) AS events
FROM {table}
WHERE dt >= date_format(current_date - INTERVAL '1' DAY, '%Y-%m-%d')
GROUP BY 1, 2
ORDER BY 1 DESC, 2`,
  },
  TopPages: {
    description: 'The twenty pages with the most visits in the last seven days',
    sql: `SELECT page, count(*) AS views, count(DISTINCT session_id) AS sessions
FROM {table}
WHERE dt >= date_format(current_date - INTERVAL '7' DAY, '%Y-%m-%d') AND event_type = 'page_view'
GROUP BY page
ORDER BY views DESC, page
LIMIT 20`,
  },
  PurchaseFunnel: {
    description: 'Sessions of the last seven days that viewed a page, added to the cart and purchased',
    sql: `SELECT count(*) AS sessions,
  count_if(chose) AS chose,
  count_if(bought) AS bought
FROM (
  SELECT session_id,
    bool_or(event_type = 'add_to_cart') AS chose,
    bool_or(event_type = 'purchase') AS bought
  FROM {table}
  WHERE dt >= date_format(current_date - INTERVAL '7' DAY, '%Y-%m-%d')
  GROUP BY session_id
)`,
  },
  HotKeys: {
    description: "Today's sessions with the most events: the hot partition keys of a shard",
    sql: `SELECT session_id, count(*) AS events, 100.0 * count(*) / sum(count(*)) OVER () AS percent
FROM {table}
WHERE dt = date_format(current_date, '%Y-%m-%d')
GROUP BY session_id
ORDER BY events DESC, session_id
LIMIT 20`,
  },
};
