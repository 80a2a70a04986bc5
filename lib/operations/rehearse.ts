import { rehearse, teardown } from '../lifecycle/rehearsal';
import { teardownAsText } from '../lifecycle/teardown';
import { findingsAsJson, findingsAsText } from '../lifecycle/text';
import { NotATemplate } from '../template/parse-template';
import { readTemplates, type TemplateSet } from '../template/read-templates';
import type { Command } from './command';
import { parsed } from './options';
import { CommandError } from './terminal';

const USAGE = `Usage: groundplan rehearse [cdk.out | folder | template...] [--from <older cdk.out>] [--json]
       groundplan rehearse [cdk.out | folder | template...] --teardown

Plays the life of CloudFormation stacks without AWS: a first deployment that fails at each resource in turn and is tried
again, a second copy in the same account, an update, a deletion. Prints what would go wrong, worst first.

  --from <path>   what is deployed today: a cloud assembly, a folder or a template; the update from it is rehearsed, too
  --json          prints the findings as JSON
  --teardown      prints what a deletion leaves and what that costs a month, and nothing else
  --help          prints this

Without a path it reads cdk.out. Conditions are decided by the defaults of the parameters, where they can be; what only
deployment decides is CANNOT TELL. Exit code: 0 without a fault, 1 with one, 2 when it cannot read what it is given.`;

/** `groundplan rehearse`: finds in templates what a deployment would find in an account. */
export const rehearseCommand: Command = {
  usage: USAGE,
  run: async (args, terminal) => {
    const { values, positionals } = parsed({
      args: [...args],
      options: {
        from: { type: 'string' },
        json: { type: 'boolean', default: false },
        teardown: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    const { templates, stackNames, nested } = read(positionals.length === 0 ? ['cdk.out'] : positionals);
    if (values.teardown) {
      terminal.out(teardownAsText(teardown(templates, { stackNames, nested })));
      return 0;
    }
    const from = values.from === undefined ? undefined : alike(read([values.from]), templates);
    const findings = rehearse(templates, {
      stackNames,
      nested,
      ...(from === undefined ? {} : { from: from.templates, fromStacks: from }),
    });
    terminal.out(values.json ? findingsAsJson(findings) : findingsAsText(findings));
    return findings.some(({ weight }) => weight === 'fault') ? 1 : 0;
  },
};

function read(paths: readonly string[]): TemplateSet {
  try {
    return readTemplates(paths);
  } catch (error) {
    if (error instanceof NotATemplate) throw new CommandError(error.message, 2);
    throw error;
  }
}

/** One template on each side is the same stack, whatever its files are called. */
function alike(from: TemplateSet, templates: TemplateSet['templates']): TemplateSet {
  const [[old, template] = ['', {}], ...more] = Object.entries(from.templates);
  const [now = old, ...others] = Object.keys(templates);
  if (more.length > 0 || others.length > 0 || old === now) return from;
  return { ...from, templates: { [now]: template }, stackNames: new Map([[now, now]]), nested: new Map() };
}
