import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplateDocument } from './resolved-template';

/** A stack as `cdk synth` leaves it in the output folder. */
export interface SynthesizedStack {
  readonly template: TemplateDocument;
  /** Folder of the asset whose object key the template names. */
  assetFolder(objectKey: string): string;
}

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
}

/** Reads a stack of a cloud assembly. */
export function readStack(outdir: string, stackName: string): SynthesizedStack {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(outdir, `${stackName}.${name}.json`), 'utf8'));
  const { files } = json('assets') as AssetManifest;
  return {
    template: json('template') as TemplateDocument,
    assetFolder: (objectKey) => {
      const path = files[objectKey.replace(/\.zip$/, '')]?.source.path;
      if (path === undefined) throw new Error(`The assembly has no asset ${objectKey}`);
      return join(outdir, path);
    },
  };
}
