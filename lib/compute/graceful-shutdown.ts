import { Duration } from 'aws-cdk-lib';

/*
 * How a task goes, at a deployment, when the service scales in, or when Fargate retires it: the load balancer stops sending it
 * requests and lets those under way finish (the deregistration delay); the process gets SIGTERM; what still runs after the stop
 * timeout gets SIGKILL. ECS usually waits for the load balancer before SIGTERM, but not when a task fails its health check, so
 * the stop timeout covers both waits one after the other (AWS: ECS, connection draining; stopTimeout is at most 120 s on Fargate).
 */

/** The longest that a request may take: what API Gateway gives the same application on Lambda (corrections 37). */
export const LONGEST_REQUEST = Duration.seconds(30);
/** Longer than the longest request, or the load balancer breaks one off. */
export const DEREGISTRATION_DELAY = Duration.seconds(LONGEST_REQUEST.toSeconds() + 5);
/** Longer than both together, or SIGKILL does. */
export const STOP_TIMEOUT = Duration.seconds(DEREGISTRATION_DELAY.toSeconds() + LONGEST_REQUEST.toSeconds() + 10);

/** How long the load balancer keeps an idle connection, to CloudFront as to a task (AWS's own default, stated). */
export const IDLE_TIMEOUT = Duration.seconds(60);
/** CloudFront closes connections first, so that it never sends a request into a connection that is just being closed. */
export const ORIGIN_KEEPALIVE = Duration.seconds(50);
