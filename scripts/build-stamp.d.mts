/** Tells whether files, and all files of folders, are as they were; what is not there counts, too. */
export function fingerprint(root: string, paths: readonly string[]): string;

/** A stamp of the project in a folder. Take it before the build: what changes meanwhile is to be built once more. */
export function buildStamp(root: string): { isFresh(): boolean; remove(): void; write(): void };
