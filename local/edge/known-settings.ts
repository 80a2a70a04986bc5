/** Settings of a template, resolved. */
export type Settings = Readonly<Record<string, unknown>>;

/** Refuses settings that the local edge would silently leave out. @throws Error that names the first */
export function onlyKnown(settings: Settings, known: readonly string[], where: string): Settings {
  const unknown = Object.keys(settings).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${where}: ${unknown} is not known here`);
  return settings;
}

/** Settings below a name, or none. */
export function below(settings: Settings, name: string): Settings {
  return (settings[name] ?? {}) as Settings;
}

/** A list below a name, or none. */
export function listBelow(settings: Settings, name: string): readonly Settings[] {
  return (settings[name] ?? []) as readonly Settings[];
}
