/** A name of a user's, such as `big-orders` or `big_orders`, as a construct's id: `BigOrders`. */
export function constructIdOf(name: string): string {
  return name.replace(/(^|[-_])([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}
