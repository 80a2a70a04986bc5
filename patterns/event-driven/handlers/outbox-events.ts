export { outboxEvents as handler } from '../../../lib/runtime/outbox-events';
