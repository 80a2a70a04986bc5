/** The form of a local sign-in: an address is enough. */
export function loginPage(action: string, suggestedUser: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in (local)</title>
<link rel="icon" href="data:,">
<style>
body { max-width: 22rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }
input, button { width: 100%; min-height: 2.5rem; margin: .25rem 0 1rem; padding: .25rem .5rem; font: inherit }
</style>
</head>
<body>
<main>
<h1>Sign in</h1>
<p>This page replaces the managed login of Amazon Cognito. It asks for no password.</p>
<form method="post" action="${escaped(action)}">
<label for="username">E-mail address</label>
<input id="username" name="username" type="email" autocomplete="username" required value="${escaped(suggestedUser)}">
<button type="submit">Sign in</button>
</form>
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
