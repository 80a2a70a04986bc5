/**
 * Reads what only the deployment knows. It is a file beside the site, so that the same build serves every deployment.
 *
 * @throws Error when the file is not there
 */
export async function loadSiteConfig<Config>(): Promise<Config> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`);
  return (await response.json()) as Config;
}
