/**
 * What the pipe publishes for a new order, in the template language of EventBridge Pipes: quotes around a path that is a
 * string, none around one that is an object (AWS: Pipes input transformation). The result is an `OrderEventMessage`.
 */
export const ORDER_EVENT_TEMPLATE = [
  '{',
  '"id":"order.placed:<$.dynamodb.Keys.pk.S>",',
  '"type":"order.placed",',
  '"orderId":"<$.dynamodb.Keys.pk.S>",',
  '"customerId":"<$.dynamodb.NewImage.customerId.S>",',
  '"occurredAt":"<$.dynamodb.NewImage.createdAt.S>",',
  '"data":<$.dynamodb.NewImage.order>',
  '}',
].join('');
