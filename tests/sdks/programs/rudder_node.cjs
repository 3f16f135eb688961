// What a company's own program does with RudderStack's SDK for Node.
const Analytics = require("@rudderstack/rudder-sdk-node");

const { key, host, retries, at_once: flushAt, calls } = JSON.parse(process.argv[2]);
const analytics = new Analytics(key, {
    dataPlaneUrl: host,
    retryCount: retries,
    flushAt,
    flushInterval: 50,
    errorHandler: () => undefined, // without one, what is given up ends the program
});
const ends = calls.map(({ type, timestamp, ...message }) => {
    if (timestamp) message.timestamp = new Date(timestamp);
    return new Promise((ended) =>
        analytics[type](message, (error) => ended(error ? [message.event ?? type] : [])),
    );
});
Promise.all(ends).then((givenUp) => process.stdout.write(JSON.stringify(givenUp.flat())));
