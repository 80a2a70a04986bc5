import type { Check } from '../question';
import { apiGatewayLogs } from './api-gateway-logs';
import { bootstrap } from './bootstrap';
import { docker } from './docker';
import { lakeFormation } from './lake-formation';
import { lambdaConcurrency } from './lambda-concurrency';
import { logDeliveryPolicy } from './log-delivery-policy';
import { modelAccess } from './model-access';
import { names } from './names';
import { quotas } from './quotas';
import { serviceLinkedRoles } from './service-linked-roles';
import { ses } from './ses';
import { stack } from './stack';
import { zones } from './zones';

/** What is asked of each account and region, in the order of the output. */
export const CHECKS: readonly Check[] = [
  bootstrap,
  stack,
  lambdaConcurrency,
  quotas,
  serviceLinkedRoles,
  zones,
  modelAccess,
  lakeFormation,
  logDeliveryPolicy,
  apiGatewayLogs,
  ses,
  names,
  docker,
];
