/**
 * The AWS SDK's own switch for the warning, eight lines long, that its versions of 2027 will not run on Node.js 20. Ours are pinned, and
 * whoever runs a command of ours can do nothing about it.
 */
const SWITCH = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * Hides that one warning in this process and in those that it starts. For commands alone: constructs and handlers leave the process of
 * an app as it is. A value that is set already stays.
 */
export function hideSdkVersionWarning(environment: NodeJS.ProcessEnv): void {
  environment[SWITCH] ??= 'true';
}
