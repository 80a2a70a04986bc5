// `npm run mutation`: changes the code in one small way at a time, and tells which changes no test notices.
import { dirname } from 'node:path';
import { runCommand } from '../../local/cli/usage-error';
import { HELP, readOptions } from './options';
import { MutationRun } from './run';

const ROOT = dirname(dirname(__dirname));

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  return (await new MutationRun(ROOT, options, console.log).run()) ? 0 : 1;
}

void runCommand(main, async () => undefined);
