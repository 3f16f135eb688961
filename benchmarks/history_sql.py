"""The question of `definition_45.yaml` in SQL, as an analyst who knows DuckDB would write it.

One scan joins each event with what its name earns (the three criteria on properties are a CASE each). Half-lives are
sums of `points × 2^(t / half-life)` up to each event, scaled back to its instant; the window is a range frame. Then the
gate is looked at after each instant, and once more at the end.
"""

from pathlib import Path

SQL = """
CREATE TEMP TABLE earns AS SELECT * FROM (VALUES    -- name of an event, its worth, group, limit
    ('Home Viewed', 0.2, 'interest', NULL, NULL),
    ('Blog Read', 0.5, 'interest', NULL, NULL),
    ('Features Viewed', 1.0, 'interest', NULL, NULL),
    ('Integrations Viewed', 1.5, 'interest', NULL, NULL),
    ('Case Study Read', 2.0, 'interest', NULL, NULL),
    ('Comparison Viewed', 2.5, 'interest', NULL, NULL),
    ('Documentation Read', 1.0, 'interest', NULL, NULL),
    ('Video Watched', 1.5, 'interest', NULL, NULL),
    ('Newsletter Opened', 0.5, 'interest', 'day', 1),
    ('Email Link Clicked', 1.0, 'interest', 'day', 1),
    ('Ad Clicked', 0.5, 'interest', 'day', 1),
    ('Site Searched', 0.5, 'interest', NULL, NULL),
    ('Chat Started', 3.0, 'interest', NULL, NULL),
    ('Survey Answered', 2.0, 'interest', 'month', 1),
    ('Careers Viewed', -2.0, 'interest', 'week', 1),
    ('Newsletter Left', -5.0, 'interest', 'ever', 1),
    ('Content Downloaded', 4.0, 'engagement', 'week', 2),
    ('Webinar Booked', 3.0, 'engagement', NULL, NULL),
    ('Webinar Attended', 8.0, 'engagement', 'week', 1),
    ('Fair Conversation', 10.0, 'engagement', NULL, NULL),
    ('Form Submitted', 4.0, 'engagement', 'day', 1),
    ('Callback Requested', 8.0, 'engagement', NULL, NULL),
    ('Calculator Used', 3.0, 'engagement', 'week', 1),
    ('Quote Viewed', 6.0, 'engagement', NULL, NULL),
    ('Demo Watched', 5.0, 'engagement', NULL, NULL),
    ('Colleague Invited', 5.0, 'engagement', NULL, NULL),
    ('Review Read', 1.0, 'engagement', NULL, NULL),
    ('Complaint Sent', -6.0, 'engagement', NULL, NULL),
    ('Trial Started', 10.0, 'product', 'ever', 1),
    ('Signed In', 0.5, 'product', 'day', 1),
    ('Project Created', 2.0, 'product', NULL, NULL),
    ('File Imported', 1.5, 'product', NULL, NULL),
    ('Report Built', 2.0, 'product', NULL, NULL),
    ('Teammate Added', 4.0, 'product', NULL, NULL),
    ('Report Exported', 1.0, 'product', NULL, NULL),
    ('API Called', 0.2, 'product', 'day', 5),
    ('Trial Cancelled', -10.0, 'product', NULL, NULL),
    ('Product Added', 0.5, 'purchases', 'week', 5),
    ('Checkout Started', 1.0, 'purchases', NULL, NULL),
    ('Order Returned', -4.0, 'purchases', NULL, NULL),
    ('Invoice Overdue', -3.0, 'purchases', NULL, NULL),
    ('Review Written', 3.0, 'purchases', NULL, NULL),
    ('Page Viewed', 4.0, 'interest', 'day', 3),
    ('Plan Chosen', 8.0, 'product', NULL, NULL),
    ('Order Completed', 6.0, 'purchases', NULL, NULL)
) AS earns(name, points, "group", per, most);

CREATE TEMP TABLE scores AS
WITH matched AS (    -- each event with what it earns; those that earn nothing are happenings all the same
    SELECT identity, epoch_us(occurred_at) AS moment, earns."group", coalesce(earns.points, 0) :: DOUBLE AS points,
        earns.per, earns.most, earns.name
    FROM read_parquet($files) AS events LEFT JOIN earns ON events.name = earns.name AND CASE events.name
        WHEN 'Page Viewed' THEN starts_with(lower("event.path:text"), '/pricing')
        WHEN 'Plan Chosen' THEN lower("event.plan:text") = 'pro'
        WHEN 'Order Completed' THEN "event.amount:number" >= 500
        ELSE true END
    WHERE occurred_at <= $as_of :: TIMESTAMPTZ
), numbered AS (    -- of what counts only so often, the how manieth it is in its day, week (from Monday), month or ever
    SELECT identity, moment, "group", points, most, row_number() OVER (
        PARTITION BY identity, name, CASE per
            WHEN 'day' THEN moment // 86400000000
            WHEN 'week' THEN (moment // 86400000000 + 3) // 7
            WHEN 'month' THEN date_diff('month', TIMESTAMP '1970-01-01', make_timestamp(moment))
            ELSE 0 END
        ORDER BY moment) AS nth
    FROM matched WHERE most IS NOT NULL
), counted AS (    -- what each event adds
    SELECT identity, moment, "group", CASE WHEN nth <= most THEN points ELSE 0 END AS points FROM numbered
    UNION ALL
    SELECT identity, moment, "group", points FROM matched WHERE most IS NULL
), added AS (    -- and to which group
    SELECT identity, moment,
        CASE WHEN "group" = 'interest' THEN points * pow(2, (moment - 1704067200000000) / 1209600e6) ELSE 0 END
            AS interest,
        CASE WHEN "group" = 'engagement' THEN points * pow(2, (moment - 1704067200000000) / 3888000e6) ELSE 0 END
            AS engagement,
        CASE WHEN "group" = 'product' THEN points ELSE 0 END AS product,
        CASE WHEN "group" = 'purchases' THEN points ELSE 0 END AS purchases
    FROM counted
), running AS (    -- the groups as they stood after each event, in units of the first day's points where they age
    SELECT identity, moment, product AS product_added, sum(interest) OVER so_far AS interest,
        sum(engagement) OVER so_far AS engagement, sum(product) OVER fresh AS product,
        sum(purchases) OVER so_far AS purchases
    FROM added
    WINDOW so_far AS (PARTITION BY identity ORDER BY moment RANGE UNBOUNDED PRECEDING),
        fresh AS (PARTITION BY identity ORDER BY moment RANGE BETWEEN 2591999999999 PRECEDING AND CURRENT ROW)
), totals AS (    -- clamped, after each event
    SELECT *,
        greatest(least(interest * pow(2, (1704067200000000 - moment) / 1209600e6), 60), 0)
        + least(engagement * pow(2, (1704067200000000 - moment) / 3888000e6), 80)
        + least(product, 60) + greatest(least(purchases, 40), -20) AS total
    FROM running
), ending AS (    -- the first instant after which the gate held, and the groups as they stand at the end
    SELECT identity, min(moment) FILTER (round(total, 6) >= 40) AS qualified_at,
        greatest(least(arg_max(interest, moment) * pow(2, (1704067200000000 - any_value(ends)) / 1209600e6), 60), 0)
            AS interest,
        least(arg_max(engagement, moment) * pow(2, (1704067200000000 - any_value(ends)) / 3888000e6), 80) AS engagement,
        least(coalesce(sum(product_added) FILTER (ends - moment < 2592000000000), 0), 60) AS product,
        greatest(least(arg_max(purchases, moment), 40), -20) AS purchases
    FROM totals, (SELECT epoch_us($as_of :: TIMESTAMPTZ) AS ends) GROUP BY identity
)
SELECT identity AS lead, interest + engagement + product + purchases AS score, interest, engagement, product, purchases,
    round(interest + engagement + product + purchases, 6) >= 40 AS qualifies,
    make_timestamp(qualified_at) AS qualified_at
FROM ending ORDER BY lead;
"""


def run(files: list[str], as_of: str, out: Path, *, threads: int) -> None:
    """Answer the question with DuckDB and write the answer to `out` as Parquet."""
    import duckdb

    with duckdb.connect(config={"threads": threads, "memory_limit": "8GB"}) as database:
        for statement in SQL.split(";\n"):
            if statement.strip():
                told = {"files": files, "as_of": as_of} if "$files" in statement else None
                database.execute(statement, told)
        database.execute(f"COPY scores TO '{out}' (FORMAT parquet)")
