const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const UNITS = ['B', 'KB', 'MB', 'GB'];

/** A moment in ISO 8601, in the reader's language and time zone. */
export function moment(iso: string): string {
  return dateTime.format(new Date(iso));
}

/** A number of bytes as people write it. */
export function fileSize(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const value = bytes / 1024 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${UNITS[power]}`;
}
