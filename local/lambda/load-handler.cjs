// Loads a handler and names what is wrong with it as Lambda does, for threads and for the engine's own process alike.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

class LoadError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/** The handler of `file.export` in a folder; `load` evaluates the file. */
exports.loadHandler = (folder, handler, load) => {
  const [file, name] = handler.split('.');
  const path = join(folder, `${file}.js`);
  if (!existsSync(path)) throw new LoadError('Runtime.ImportModuleError', `Cannot find module '${file}'`);
  let exported;
  try {
    exported = load(path);
  } catch (error) {
    const kind = error instanceof SyntaxError ? 'Runtime.UserCodeSyntaxError' : 'Runtime.ImportModuleError';
    throw new LoadError(kind, `${error?.name ?? 'Error'}: ${error?.message ?? error}`);
  }
  if (typeof exported[name] !== 'function') {
    throw new LoadError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return exported[name];
};
