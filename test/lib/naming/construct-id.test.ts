import { expect, it } from 'vitest';
import { constructIdOf } from '../../../lib/naming/construct-id';

it.each([
  ['billing', 'Billing'],
  ['big-orders', 'BigOrders'],
  ['big_orders_2', 'BigOrders2'],
  ['a-b', 'AB'],
])('a construct for %s is called %s', (name, id) => {
  expect(constructIdOf(name)).toBe(id);
});
