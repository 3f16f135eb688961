// What a company's own program does with Segment's SDK for Node.
const { Analytics } = require("@segment/analytics-node");

const { key, host, retries, at_once: flushAt, calls } = JSON.parse(process.argv[2]);
const givenUp = [];
const analytics = new Analytics({ writeKey: key, host, maxRetries: retries, flushAt, flushInterval: 50 });
analytics.on("error", ({ ctx }) => givenUp.push(ctx.event.event ?? ctx.event.type));
for (const { type, ...message } of calls) analytics[type](message);
analytics.closeAndFlush({ timeout: 60_000 }).then(() => process.stdout.write(JSON.stringify(givenUp)));
