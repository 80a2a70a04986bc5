import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment, TemplateDocument } from './resolved-template';

/** A stack as `cdk synth` leaves it in the output folder. */
export interface SynthesizedStack {
  readonly template: TemplateDocument;
  /** Where it would be deployed; a stack that leaves it open is pretended to be somewhere. */
  readonly deployment: Deployment;
  /** Folder of the asset whose object key the template names. */
  assetFolder(objectKey: string): string;
}

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<string, { readonly environment?: string; readonly properties?: { readonly stackName?: string } }>
  >;
}

const ANYWHERE = { account: '111111111111', region: 'eu-west-1' };

/** Reads a stack of a cloud assembly. @throws Error when the folder has no such stack */
export function readStack(outdir: string, stackName: string): SynthesizedStack {
  const json = (name: string): unknown => {
    try {
      return JSON.parse(readFileSync(join(outdir, name), 'utf8'));
    } catch (error) {
      throw new Error(`${outdir} has no stack ${stackName}: ${(error as Error).message}`);
    }
  };
  const template = json(`${stackName}.template.json`) as TemplateDocument;
  const { files } = json(`${stackName}.assets.json`) as AssetManifest;
  const { artifacts } = json('manifest.json') as Manifest;
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifacts[stackName]?.environment ?? '') ?? [];
  return {
    template,
    deployment: {
      account: known(account) ?? ANYWHERE.account,
      region: known(region) ?? ANYWHERE.region,
      // The one in AWS, where it is another than the one in the app.
      stackName: artifacts[stackName]?.properties?.stackName ?? stackName,
    },
    assetFolder: (objectKey) => {
      const path = files[objectKey.replace(/\.zip$/, '')]?.source.path;
      if (path === undefined) throw new Error(`The assembly has no asset ${objectKey}`);
      return join(outdir, path);
    },
  };
}

function known(value: string | undefined): string | undefined {
  return value?.startsWith('unknown-') === true ? undefined : value;
}
