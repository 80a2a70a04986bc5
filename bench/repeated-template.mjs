/**
 * A template with a number of resources at least: those of another again and again, under other names, with the references between them.
 *
 * @param {{ Resources: Record<string, object> }} template
 * @param {number} count
 */
export function repeated(template, count) {
  const ids = Object.keys(template.Resources);
  const resources = {};
  for (let copy = 0; Object.keys(resources).length < count; copy += 1) {
    const names = new Map(ids.map((id) => [id, `${id}Copy${copy}`]));
    const renamed = (value) => {
      if (Array.isArray(value)) return value.map(renamed);
      if (typeof value === 'object' && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, renamed(child)]));
      }
      if (typeof value !== 'string') return value;
      const whole = names.get(value);
      if (whole !== undefined) return whole;
      return value.replace(/\$\{(\w+)/g, (placeholder, id) => (names.has(id) ? `\${${names.get(id)}` : placeholder));
    };
    for (const id of ids.slice(0, count - Object.keys(resources).length)) {
      resources[names.get(id)] = renamed(template.Resources[id]);
    }
  }
  return { ...template, Resources: resources };
}
