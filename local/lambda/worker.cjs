// Runs one function in a thread of its own, with the environment that the template gives it and nothing else.
const { parentPort, workerData } = require('node:worker_threads');
const { loadHandler, serialized } = require('./load-handler.cjs');
const { awslambda, isStreamed, runStreamed } = require('./response-stream.cjs');

// The function's clock is the engine's, which may be ahead of the machine's: waits that no one works in are skipped.
let ahead = 0;
const MachineDate = Date;
globalThis.Date = class extends MachineDate {
  constructor(...given) {
    if (given.length === 0) super(MachineDate.now() + ahead);
    else super(...given);
  }
  static now() {
    return MachineDate.now() + ahead;
  }
};

globalThis.awslambda = awslambda;

let handler;
parentPort.on('message', async ({ id, event, now, deadline, requestId, loadOnly, streams }) => {
  ahead = now - MachineDate.now();
  try {
    handler ??= loadHandler(workerData.folder, workerData.handler, require);
    if (loadOnly) {
      parentPort.postMessage({ id });
      return;
    }
    const context = {
      awsRequestId: requestId,
      functionName: workerData.functionName,
      invokedFunctionArn: workerData.functionArn,
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    if (isStreamed(handler)) {
      const chunks = [];
      await runStreamed(handler, event, context, (chunk) => {
        if (streams) parentPort.postMessage({ id, chunk });
        else chunks.push(chunk);
      });
      parentPort.postMessage(streams ? { id } : { id, result: JSON.stringify(Buffer.concat(chunks).toString()) });
      return;
    }
    const result = await handler(event, context);
    parentPort.postMessage({ id, result: serialized(result) });
  } catch (error) {
    parentPort.postMessage({ id, errorType: error?.name ?? 'Error', errorMessage: String(error?.message ?? error) });
  }
});
