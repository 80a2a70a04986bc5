// Runs one function in a thread of its own, with the environment that the template gives it and nothing else.
const { join } = require('node:path');
const { parentPort, workerData } = require('node:worker_threads');

const [file, name] = workerData.handler.split('.');
let handler;
parentPort.on('message', async ({ id, event, deadline, requestId }) => {
  try {
    handler ??= require(join(workerData.folder, `${file}.js`))[name];
    const context = {
      awsRequestId: requestId,
      functionName: workerData.functionName,
      invokedFunctionArn: workerData.functionArn,
      getRemainingTimeInMillis: () => deadline - Date.now(),
    };
    const result = await handler(event, context);
    // What Lambda returns has been through JSON.
    parentPort.postMessage({ id, result: result === undefined ? undefined : JSON.stringify(result) });
  } catch (error) {
    parentPort.postMessage({ id, errorType: error?.name ?? 'Error', errorMessage: String(error?.message ?? error) });
  }
});
