/** The text of lib/facts/resource-types.json, of the data that is installed in a project's folder. */
export function resourceTypes(root: string): string;
/** Writes it, where the installed data is of another version. */
export function writeResourceTypes(root: string): void;
